/** A thread of ours with a QuickJS that stands by, which can be stopped whatever it does. */
import { Worker } from "node:worker_threads"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Capped from "../process/Capped.ts"
import * as realTime from "../process/realTime.ts"
import type { Outcome } from "../runner/Outcome.ts"
import type { Limits } from "../runner/Program.ts"
import type { Order, Reply } from "./Message.ts"

/** It broke off, and why: a reply that it could not send. */
interface Broke {
  readonly _tag: "Broke"
  readonly cause: Error
}

export interface Thread {
  readonly worker: Worker
  /** Told all that comes from it. */
  hear: (reply: Reply | Broke) => void
  /** Whether a machine stands by in it. */
  ready: Deferred.Deferred<void, Error>
}

const module = new URL(`./worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url)

export const start: Effect.Effect<Thread> = Effect.sync(() => {
  const worker = new Worker(module, {
    env: {},
    // recursion in QuickJS is recursion in WebAssembly, which takes several times as much
    resourceLimits: { stackSizeMb: 32 },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdout: true,
    stderr: true
  })
  const thread: Thread = { worker, hear: () => {}, ready: Deferred.makeUnsafe() }
  worker.on("message", (reply: Reply) =>
    reply._tag === "Ready" ? Deferred.doneUnsafe(thread.ready, Effect.void) : thread.hear(reply)
  )
  worker.on("error", (cause) => {
    Deferred.doneUnsafe(thread.ready, Effect.fail(cause as Error))
    thread.hear({ _tag: "Broke", cause: cause as Error })
  })
  // one that stands by keeps no process alive
  worker.unref()
  return thread
})

export const stop = ({ worker }: Thread): Effect.Effect<void> => Effect.promise(() => worker.terminate())

/** One program, from its start to its end. `whole`: whether the thread can take another one. */
export const run = Effect.fnUntraced(function* (thread: Thread, order: Order, limits: Limits) {
  const out = { stdout: Capped.make(limits.outputBytes), stderr: Capped.make(limits.outputBytes) }
  const ended = Deferred.makeUnsafe<Exclude<Reply, { _tag: "Ready" | "Wrote" }> | Broke>()
  const started = yield* realTime.now
  thread.ready = Deferred.makeUnsafe()
  thread.hear = (reply) => {
    if (reply._tag === "Wrote") out[reply.to].add(Buffer.from(reply.text))
    else if (reply._tag !== "Ready") Deferred.doneUnsafe(ended, Effect.succeed(reply))
  }
  thread.worker.ref()
  thread.worker.postMessage(order)
  const end = yield* Effect.raceAllFirst([
    Deferred.await(ended),
    Effect.as(realTime.sleep(limits.wallMillis), undefined),
    Effect.as(exhausted(thread, limits.cpuSeconds), undefined)
  ])
  const whole = end?._tag === "Exited"
  // what it wrote until then arrives before it is gone
  if (!whole) yield* stop(thread)
  thread.worker.unref()
  const millis = Math.round((yield* realTime.now) - started)
  const said = { stdout: out.stdout.text(), stderr: out.stderr.text(), millis }
  return { whole, outcome: outcome(end, said) }
})

const everyMillis = 100

/** Ends when the thread was on a processor for longer; never where Node cannot tell (before 24.6). */
const exhausted = ({ worker }: Thread, seconds: number): Effect.Effect<void> => {
  if (worker.cpuUsage === undefined) return Effect.never
  const used = Effect.map(
    Effect.tryPromise(() => worker.cpuUsage()),
    ({ system, user }) => (system + user) / 1e6
  )
  return used.pipe(
    Effect.flatMap((before) =>
      Effect.repeat(Effect.andThen(realTime.sleep(everyMillis), used), { until: (now) => now - before > seconds })
    ),
    // it has ended, and is not asked any more
    Effect.catch(() => Effect.never)
  )
}

const outcome = (
  end: Exclude<Reply, { _tag: "Ready" | "Wrote" }> | Broke | undefined,
  said: Pick<Outcome, "stdout" | "stderr" | "millis">
): Outcome => {
  if (end === undefined) return { _tag: "Killed", because: "time", ...said }
  if (end._tag === "Exited") return { ...end, ...said }
  if (end._tag === "Killed") return { ...end, ...said }
  const memory = (end.cause as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY"
  return { _tag: "Killed", because: memory ? "memory" : "signal", ...said }
}
