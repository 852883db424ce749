/**
 * The jail that is everywhere: QuickJS, an interpreter of JavaScript, as WebAssembly in a thread. There is no file, socket,
 * process or timer in it, and no way to one. It is not Node: see the guide for what programs find there.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as realTime from "../process/realTime.ts"
import { CodeRunner } from "../runner/CodeRunner.ts"
import { whenFree } from "../runner/Processors.ts"
import * as Programs from "../runner/Program.ts"
import { SandboxUnavailable } from "../runner/SandboxUnavailable.ts"
import * as Thread from "./Thread.ts"

export interface Options {
  /** Threads that are kept for the next program. Default 2. */
  readonly standby?: number
}

/**
 * JavaScript and TypeScript run in QuickJS. Of the limits, `wallMillis`, `memoryMegabytes` and `outputBytes` hold, and
 * `cpuSeconds` from Node 24.6 on; there are no processes and no files to limit. Nothing is started before the first program comes.
 */
export const layer = (options: Options = {}): Layer.Layer<CodeRunner> =>
  Layer.effect(
    CodeRunner,
    Effect.gen(function* () {
      const standby: Array<Thread.Thread> = []
      yield* Effect.addFinalizer(() => Effect.forEach(standby, Thread.stop, { discard: true }))
      const taken = Effect.suspend(() => {
        const one = standby.pop()
        return one === undefined ? Thread.start : Effect.succeed(one)
      })
      const given = (thread: Thread.Thread, whole: boolean) =>
        Effect.suspend(() => {
          if (!whole || standby.length >= (options.standby ?? 2)) return Thread.stop(thread)
          standby.push(thread)
          return Effect.void
        })
      return {
        languages: ["javascript", "typescript"],
        run: (program) =>
          program.language === "python"
            ? Effect.fail(unavailable("it runs JavaScript and TypeScript only"))
            : Effect.acquireUseRelease(
                taken,
                (thread) => Effect.andThen(ready(thread), inThread(thread, program)),
                (thread, exit) => given(thread, exit._tag === "Success" && exit.value.whole)
              ).pipe(
                Effect.map(({ outcome }) => outcome),
                whenFree
              )
      }
    })
  )

const unavailable = (reason: string) =>
  new SandboxUnavailable({ tried: [{ jail: "quickjs", reason }], message: `this cannot be run in QuickJS: ${reason}` })

const longestStart = 30_000

/** The time that the thread takes to start is not the program's. */
const ready = (thread: Thread.Thread) =>
  Deferred.await(thread.ready).pipe(
    Effect.mapError(({ message }) => unavailable(`its thread did not start: ${message}`)),
    Effect.raceFirst(
      Effect.andThen(realTime.sleep(longestStart), Effect.fail(unavailable("its thread did not start within 30 s")))
    )
  )

const inThread = (thread: Thread.Thread, { language, limits: own, source, stdin = "" }: Programs.Program) => {
  const limits = { ...Programs.defaults, ...own }
  const memoryBytes = limits.memoryMegabytes * 1024 * 1024
  return Thread.run(thread, { language, source, stdin, memoryBytes, outputBytes: limits.outputBytes }, limits)
}
