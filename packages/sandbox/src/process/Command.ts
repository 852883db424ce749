/**
 * A process within a limit of time and of output. When it has ended, was ended, or nobody waits for it any more, it is gone
 * with all of its process group.
 */
import { type ChildProcess, spawn } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Capped from "./Capped.ts"
import * as Memory from "./Memory.ts"
import * as realTime from "./realTime.ts"

export interface Command {
  readonly file: string
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin: string
  /** The user and the group it runs as, where that is not who runs us. */
  readonly user?: number | undefined
  /** What it reads at descriptor 3, 4 and so on. */
  readonly given?: ReadonlyArray<Uint8Array>
  /** Whether it reports at the descriptor after those. */
  readonly reports?: boolean
  readonly wallMillis: number
  readonly outputBytes: number
  /** What it and all it started may hold together, where that is to be watched. */
  readonly memoryBytes?: number
}

export interface Ended {
  /** `undefined` where a signal ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  readonly report: string
  /** From its start to its end. */
  readonly millis: number
  /** What it took too much of, where that ended it. */
  readonly killed: "time" | "output" | "memory" | undefined
}

/** The operating system did not start it. */
export class NotStarted extends Schema.TaggedError<NotStarted>()("NotStarted", { message: Schema.String }) {}

/** Runs it to its end, which comes within its limit of time. */
export const run = (command: Command): Effect.Effect<Ended, NotStarted> =>
  Effect.acquireUseRelease(
    start(command),
    Effect.fnUntraced(function* (running) {
      const killed = yield* Effect.raceAllFirst([
        Effect.as(Deferred.await(running.exited), undefined),
        Effect.as(Deferred.await(running.overflow), "output" as const),
        Effect.as(realTime.sleep(command.wallMillis), "time" as const),
        Effect.as(Memory.exceeded(running.child.pid, command.memoryBytes), "memory" as const)
      ])
      yield* end(running)
      const millis = Math.round((yield* realTime.now) - running.started)
      const { child, stderr, stdout } = running
      // it may have ended before all it wrote was read
      const flooded = stdout.overflowed() || stderr.overflowed() ? "output" : undefined
      return {
        code: child.exitCode ?? undefined,
        stdout: stdout.text(),
        stderr: stderr.text(),
        report: running.report.text(),
        millis,
        killed: killed ?? flooded
      }
    }),
    end
  )

interface Running {
  readonly child: ChildProcess
  readonly stdout: Capped.Capped
  readonly stderr: Capped.Capped
  readonly report: Capped.Capped
  readonly overflow: Deferred.Deferred<void>
  readonly exited: Deferred.Deferred<void>
  /** It has exited, and all it wrote was read. */
  readonly closed: Deferred.Deferred<void>
  readonly started: number
}

const start = Effect.fnUntraced(function* (command: Command) {
  const started = yield* realTime.now
  const running = yield* Effect.try({
    try: () => attend(spawned(command), command, started),
    catch: (cause) => new NotStarted({ message: String(cause) })
  })
  yield* Effect.callback<void, NotStarted>((resume) => {
    running.child.once("spawn", () => resume(Effect.void))
    running.child.once("error", (cause) => resume(Effect.fail(new NotStarted({ message: cause.message }))))
  })
  return running
})

const spawned = ({ args, cwd, env, file, given = [], reports, user }: Command): ChildProcess =>
  spawn(file, args, {
    env,
    stdio: ["pipe", "pipe", "pipe", ...given.map(() => "pipe" as const), reports ? "pipe" : "ignore"],
    // a process group of its own, which can be killed as one
    detached: true,
    ...(cwd !== undefined && { cwd }),
    ...(user !== undefined && { uid: user, gid: user })
  })

const maximumReport = 4096

const attend = (child: ChildProcess, command: Command, started: number): Running => {
  const given = command.given ?? []
  const running: Running = {
    child,
    stdout: Capped.make(command.outputBytes),
    stderr: Capped.make(command.outputBytes),
    report: Capped.make(maximumReport),
    overflow: Deferred.makeUnsafe(),
    exited: Deferred.makeUnsafe(),
    closed: Deferred.makeUnsafe(),
    started
  }
  // where it was not started, it may have no streams
  const read = (stream: Readable | Writable | null | undefined, into: Capped.Capped) =>
    stream?.on("data", (chunk: Uint8Array) => {
      into.add(chunk)
      if (into.overflowed()) Deferred.doneUnsafe(running.overflow, Effect.void)
    })
  // that a program ends without reading what it was given is no failure
  const write = (stream: Readable | Writable | null | undefined, data: Uint8Array | string) =>
    (stream as Writable | undefined)?.on("error", () => {}).end(data)
  child.once("exit", () => Deferred.doneUnsafe(running.exited, Effect.void))
  child.once("close", () => Deferred.doneUnsafe(running.closed, Effect.void))
  read(child.stdout, running.stdout)
  read(child.stderr, running.stderr)
  write(child.stdin, command.stdin)
  given.forEach((data, i) => write(child.stdio[3 + i], data))
  if (command.reports) read(child.stdio[3 + given.length], running.report)
  return running
}

/**
 * How long pipes may stay open after that: what has left the process group could hold them for ever. In several waits, since
 * the pipes are read between them: one wait may be over before they are where this process was held up.
 */
const linger = Effect.repeat(realTime.sleep(50), { times: 5 })

/** Kills what is left of its group, and waits until it is gone and all it wrote was read. */
const end = ({ child, closed }: Running): Effect.Effect<void> =>
  Deferred.isDoneUnsafe(closed)
    ? Effect.void
    : // where nothing is left, the signal finds nobody, as is wanted
      Effect.ignore(Effect.try(() => process.kill(-child.pid!, "SIGKILL"))).pipe(
        Effect.andThen(
          Effect.raceFirst(
            Deferred.await(closed),
            Effect.andThen(
              linger,
              Effect.sync(() => child.stdio.forEach((stream) => void stream?.destroy()))
            )
          )
        )
      )
