/** L1: calls in flight that are interrupted. */
import { Generate, Models } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Row } from "../../Row.ts"

const calls = 50

interface Where {
  readonly name: string
  readonly reply: Reply.Reply
  readonly places: number
  /** How many requests reach the server before the calls are interrupted. */
  readonly requests: number
}

const wheres: ReadonlyArray<Where> = [
  { name: "waiting for headers", reply: Fault.hang, places: calls, requests: calls },
  {
    name: "in the body",
    reply: Fault.stall(Reply.text("a reply that stops in its middle")),
    places: calls,
    requests: calls
  },
  { name: "drop by drop", reply: Fault.trickle(Reply.text("slow"), 20), places: calls, requests: calls },
  { name: "in a pause", reply: Fault.serverError(), places: calls, requests: calls },
  { name: "in the pause of all", reply: Fault.rateLimited({ retryAfter: "60" }), places: 4, requests: 4 },
  { name: "in the queue", reply: Fault.hang, places: 4, requests: 4 }
]

/** Milliseconds until all fibers were done, and until the server saw the last connection closed. */
const measured = Effect.fnUntraced(function* ({ places, reply, requests }: Where) {
  const server = yield* FaultServer.make({ reply: () => reply, keepAliveMs: 1 })
  const models = Models.layer({
    forward: OpenAi.model("m", { baseUrl: server.url }),
    concurrency: places,
    retry: { base: "60 seconds" }
  })
  return yield* Effect.gen(function* () {
    const fibers = yield* Effect.forEach(
      Array.from({ length: calls }, (_, i) => i),
      (i) => Effect.forkChild(Generate.text({ prompt: `call ${i}`, role: "answer" }))
    )
    yield* server.until((counts) => counts.requests >= requests)
    yield* Effect.sleep("100 millis")
    const begun = yield* Clock.currentTimeMillis
    const since = Effect.map(Clock.currentTimeMillis, (now) => now - begun)
    const [done, closed] = yield* Effect.all(
      [
        Effect.andThen(Fiber.interruptAll(fibers), since),
        Effect.andThen(
          server.until(({ openSockets, spareSockets }) => openSockets === spareSockets),
          since
        )
      ],
      { concurrency: 2 }
    )
    const asked = (yield* server.counts).requests
    yield* Effect.sleep("50 millis")
    return { done, closed, later: (yield* server.counts).requests - asked }
  }).pipe(Effect.provide(models))
})

const limits = { closed: 100, done: 200 }

/** Again where it took too long, twice at most: a busy machine may be late, and a leak is late each time. */
const patiently = (where: Where, tries = 3): ReturnType<typeof measured> =>
  Effect.flatMap(Effect.scoped(measured(where)), (found) =>
    tries > 1 && (found.closed > limits.closed || found.done > limits.done)
      ? patiently(where, tries - 1)
      : Effect.succeed(found)
  )

/** What keeps this process alive, as Node names it, the timer included that this waits by. */
const handles = Effect.sync(
  () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCP/.test(name)).length
).pipe(Effect.delay("10 millis"))

/** A server that has closed is told so some turns later. */
const handlesBeyond = Effect.fnUntraced(function* (before: number) {
  let left = (yield* handles) - before
  for (let turn = 0; left > 0 && turn < 20; turn++) {
    left = (yield* handles) - before
  }
  return Math.max(0, left)
})

export const interrupted: Row = {
  id: "L1",
  title: "50 interrupted calls, wherever they are: sockets closed, fibers done, nothing left",
  wanted: "sockets <= 100 ms, fibers <= 200 ms, 0 handles",
  speed: "fast",
  measure: Effect.gen(function* () {
    const before = yield* handles
    const found = yield* Effect.forEach(wheres, (where) =>
      Effect.map(patiently(where), (times) => ({ ...times, name: where.name }))
    )
    const left = yield* handlesBeyond(before)
    const closed = Math.max(...found.map((one) => one.closed))
    const done = Math.max(...found.map((one) => one.done))
    const later = found.reduce((sum, one) => sum + one.later, 0)
    return {
      figure: `sockets ${closed} ms, fibers ${done} ms, ${left} handles`,
      held: left === 0 && later === 0,
      late: [
        ...(closed <= limits.closed ? [] : [`sockets closed after ${closed} ms`]),
        ...(done <= limits.done ? [] : [`fibers done after ${done} ms`])
      ],
      details: found.map(
        (one) => `${one.name}: sockets ${one.closed} ms, fibers ${one.done} ms, ${one.later} requests after`
      )
    }
  })
}
