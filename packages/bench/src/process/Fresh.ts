/**
 * Work in a process of its own: what it uses is not counted here, and what happened here does not warm it up.
 */
import { type ChildProcess, fork } from "node:child_process"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/** A process ended before it said what it was started for. */
export class ProcessFailed extends Schema.TaggedError<ProcessFailed>()("ProcessFailed", { message: Schema.String }) {}

export interface Options {
  readonly script: URL
  readonly arguments?: ReadonlyArray<string>
  /** Flags of Node's own, beside the one that finds sources. */
  readonly flags?: ReadonlyArray<string>
}

const spawn = ({ script, flags = [], arguments: args = [] }: Options): ChildProcess =>
  fork(script, args, {
    execArgv: ["--conditions=@backprose/source", ...flags],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })

/** A running child; it is stopped when the scope closes. */
export const start = (options: Options): Effect.Effect<ChildProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(options)),
    (child) => Effect.sync(() => child.kill())
  )

/** The next message of a child. */
export const message = <A>(child: ChildProcess): Effect.Effect<A, ProcessFailed> =>
  Effect.callback((resume) => {
    const settle = (outcome: Effect.Effect<A, ProcessFailed>) => {
      stop()
      resume(outcome)
    }
    const said = (value: unknown) => settle(Effect.succeed(value as A))
    const ended = (code: number | null) => {
      const command = child.spawnargs.slice(1).join(" ")
      settle(Effect.fail(new ProcessFailed({ message: `ended with ${code} and without a word: ${command}` })))
    }
    const stop = () => {
      child.off("message", said)
      child.off("exit", ended)
    }
    child.once("message", said)
    child.once("exit", ended)
    return Effect.sync(stop)
  })

/** Sends a child a question and waits for its answer. */
export const ask = <A>(child: ChildProcess, question: object): Effect.Effect<A, ProcessFailed> =>
  Effect.suspend(() => {
    child.send(question)
    return message<A>(child)
  })

/** The one thing that a script says before it ends. */
export const result = <A>(options: Options): Effect.Effect<A, ProcessFailed> =>
  Effect.scoped(Effect.flatMap(start(options), (child) => message<A>(child)))
