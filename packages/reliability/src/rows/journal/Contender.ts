/** A real process that takes and leaves a journal when it is told to. */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

const Answer = Schema.fromJsonString(
  Schema.Struct({ end: Schema.String, ms: Schema.Finite, pid: Schema.optional(Schema.Int) })
)
export type Answer = typeof Answer.Type

export interface Contender {
  readonly pid: number | undefined
  readonly take: Effect.Effect<Answer, Schema.SchemaError>
  readonly leave: Effect.Effect<Answer, Schema.SchemaError>
  /** `kill -9`, and waits until it is gone. */
  readonly kill: Effect.Effect<void>
}

const script = fileURLToPath(new URL("./contenderChild.ts", import.meta.url))

/** Starts one for the journal at `path`; it is ready when this returns, and killed with the scope. */
export const start = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Contender, Schema.SchemaError, Scope.Scope> {
  const answers = yield* Queue.unbounded<string>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, ["--conditions=@backprose/source", script, path], { stdio: ["pipe", "pipe", "inherit"] })
    ),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
  createInterface(child.stdout).on("line", (line) => void Queue.offerUnsafe(answers, line))
  const heard = Effect.flatMap(Queue.take(answers), Schema.decodeUnknownEffect(Answer))
  const tell = (word: string) =>
    Effect.andThen(
      Effect.sync(() => void child.stdin.write(`${word}\n`)),
      heard
    )
  yield* heard
  return {
    pid: child.pid,
    take: tell("take"),
    leave: tell("leave"),
    kill: Effect.callback<void>((resume) => {
      child.once("exit", () => resume(Effect.void))
      child.kill("SIGKILL")
    })
  }
})
