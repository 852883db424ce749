import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import { ProviderUnavailable, RateLimited } from "../model/TextModelError.ts"
import * as Concurrency from "./Concurrency.ts"
import * as Deadline from "./Deadline.ts"
import * as Retry from "./Retry.ts"

const request = Request.make({ purpose: "forward", messages: [] })

const busy = (work: (call: number) => ReturnType<Service["complete"]>) => {
  const seen = { running: 0, most: 0, begun: 0 }
  const model: Service = {
    complete: () =>
      Effect.suspend(() => {
        const call = seen.begun++
        seen.most = Math.max(seen.most, ++seen.running)
        return Effect.ensuring(
          work(call),
          Effect.sync(() => seen.running--)
        )
      })
  }
  return { model, seen }
}

describe("a limit on calls at once", () => {
  it.effect("is reached and never exceeded, over all roles that share it; every call is made in its turn", () =>
    Effect.gen(function* () {
      for (const places of [1, 3, 7]) {
        const { model, seen } = busy((call) =>
          Effect.delay(
            call % 5 === 0
              ? Effect.fail(new ProviderUnavailable({ message: "away" }))
              : Effect.succeed(Completion.make("ok")),
            10 + (call % 3) * 10
          )
        )
        const limit = yield* Concurrency.limited(places)
        const roles = [limit(model), limit(model)]
        const fiber = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: 40 }, (_, i) => roles[i % 2]!),
            (role) => Effect.result(role.complete(request)),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("10 seconds")
        const results = yield* Fiber.join(fiber)
        assert.deepStrictEqual([seen.most, seen.begun, seen.running], [places, 40, 0])
        assert.strictEqual(results.filter(({ _tag }) => _tag === "Failure").length, 8)
      }
    })
  )

  it.effect("gives back the place of a call that was interrupted, and of one that never began", () =>
    Effect.gen(function* () {
      const { model, seen } = busy((call) => (call === 0 ? Effect.never : Effect.succeed(Completion.make("ok"))))
      const limited = (yield* Concurrency.limited(1))(model)
      const first = yield* Effect.forkChild(limited.complete(request))
      yield* TestClock.adjust(1)
      const waiting = yield* Effect.forkChild(limited.complete(request))
      yield* TestClock.adjust(1)
      assert.strictEqual(seen.begun, 1)
      yield* Fiber.interrupt(waiting)
      yield* Fiber.interrupt(first)
      assert.strictEqual((yield* limited.complete(request)).text, "ok")
      assert.strictEqual(seen.begun, 2)
    })
  )
})

describe("a provider that refuses a call as one too many", () => {
  const refusal = (retryAfterMs?: number) =>
    new RateLimited({ message: "slow down", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })

  /** A provider that takes 100 ms, and refuses the calls of these numbers; what it saw, in time. */
  const provider = (refuses: (call: number, now: number) => RateLimited | undefined) => {
    const seen: Array<{ readonly at: number; readonly running: number; readonly sample: number }> = []
    let running = 0
    const model: Service = {
      complete: ({ sample }) =>
        Effect.gen(function* () {
          const at = yield* Clock.currentTimeMillis
          const call = seen.length
          seen.push({ at, running: ++running, sample })
          yield* Effect.sleep(100)
          const error = refuses(call, at)
          return error === undefined ? Completion.make("ok") : yield* error
        }).pipe(Effect.ensuring(Effect.sync(() => running--)))
    }
    return { model, seen }
  }

  const ask = (model: Service, calls: number, from = 0) =>
    Effect.forEach(
      Array.from({ length: calls }, (_, i) => i + from),
      (sample) => Effect.result(model.complete({ ...request, sample })),
      { concurrency: "unbounded" }
    )

  const mostAtOnce = (
    seen: ReadonlyArray<{ readonly at: number; readonly running: number }>,
    from: number,
    to: number
  ) => Math.max(...seen.filter(({ at }) => at >= from && at < to).map(({ running }) => running))

  it.effect("is left alone by all, and gets half as many at once, then one more a round", () =>
    Effect.gen(function* () {
      const { model, seen } = provider((call) => (call < 16 ? refusal(10_000) : undefined))
      const limit = yield* Concurrency.limited(16)
      const roles = [limit(model), limit(model)] as const
      const fiber = yield* Effect.forkChild(
        Effect.all([ask(roles[0], 150), ask(roles[1], 150, 150)], { concurrency: 2 })
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.strictEqual(mostAtOnce(seen, 0, 100), 16)
      // sixteen refusals of one burst halve it once
      assert.deepStrictEqual(
        seen.filter(({ at }) => at >= 100 && at < 10_100),
        []
      )
      const rounds = Array.from({ length: 12 }, (_, i) => mostAtOnce(seen, 10_100 + i * 100, 10_200 + i * 100))
      assert.deepStrictEqual(rounds, [8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16])
      assert.strictEqual(seen.length, 300)
    })
  )

  it.effect("without a word on when, is asked by one at a time after longer and longer pauses", () =>
    Effect.gen(function* () {
      const { model, seen } = provider((_, now) => (now < 60_000 ? refusal() : undefined))
      const limited = (yield* Concurrency.limited(4))(model)
      const fiber = yield* Effect.forkChild(ask(limited, 40))
      yield* TestClock.adjust("10 minutes")
      const results = yield* Fiber.join(fiber)
      const starts = [...new Set(seen.map(({ at }) => at))]
      assert.deepStrictEqual(starts.slice(0, 8), [0, 600, 1700, 3800, 7900, 16_000, 32_100, 62_200])
      // a minute of refusals costs no more than the calls that had to find out
      assert.strictEqual(results.filter(({ _tag }) => _tag === "Failure").length, 4 + 2 + 1 + 1 + 1 + 1 + 1)
    })
  )

  it.effect("for longer than anyone waits is not asked at all: all are told at once how long", () =>
    Effect.gen(function* () {
      const { model, seen } = provider((call) => (call === 0 ? refusal(3_600_000) : undefined))
      const limited = (yield* Concurrency.limited(2, { longestPause: "1 minute" }))(model)
      const fiber = yield* Effect.forkChild(ask(limited, 10))
      yield* TestClock.adjust(100)
      const results = yield* Fiber.join(fiber)
      assert.strictEqual(seen.length, 2)
      const waits = results.flatMap((result) =>
        result._tag === "Failure" && result.failure._tag === "RateLimited" ? [result.failure.retryAfterMs] : []
      )
      assert.deepStrictEqual(waits, Array(9).fill(3_600_000))
      yield* TestClock.adjust("59 minutes")
      const later = yield* Effect.forkChild(Effect.result(limited.complete(request)))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(seen.length, 2)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Fiber.join(later))._tag, "Success")
    })
  )

  it.effect("is not waited for beyond the deadline of a call", () =>
    Effect.gen(function* () {
      const { model } = provider((call) => (call === 0 ? refusal(50_000) : undefined))
      const guarded = Retry.again()((yield* Concurrency.limited(1))(Retry.deadline()(model)))
      const first = yield* Effect.forkChild(ask(guarded, 1))
      yield* TestClock.adjust(200)
      const error = yield* Effect.flip(Deadline.within("30 seconds")(guarded.complete(request)))
      assert.deepStrictEqual(error._tag === "RateLimited" && error.retryAfterMs, 49_900)
      yield* Fiber.interrupt(first)
    })
  )

  it.effect("loses nobody who was interrupted while waiting: the others go on in their order", () =>
    Effect.gen(function* () {
      const { model, seen } = provider((call) => (call === 0 ? refusal(1000) : undefined))
      const limited = (yield* Concurrency.limited(2))(model)
      const fibers = yield* Effect.forEach([0, 1, 2, 3, 4, 5, 6], (sample) =>
        Effect.forkChild(Effect.result(limited.complete({ ...request, sample })))
      )
      yield* TestClock.adjust(500)
      yield* Fiber.interruptAll([fibers[2]!, fibers[4]!])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        seen.map(({ sample }) => sample),
        [0, 1, 3, 5, 6]
      )
    })
  )

  const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))
  const Told = Schema.Struct({
    /** How long the call takes; when it is begun; how it ends; after what time it is interrupted, if at all. */
    takes: small(400),
    begins: small(2000),
    ends: Schema.Literals(["ok", "ok", "refused", "refused for a while", "away"]),
    interrupted: Schema.NullOr(small(500))
  })

  it.effect.prop(
    "never gets more at once than it should, none in its pause, and each call in its turn: no place is ever lost",
    [Schema.Array(Told), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))],
    ([told, places]) =>
      Effect.gen(function* () {
        let running = 0
        let most = 0
        let until = 0
        const begun: Array<{ readonly sample: number; readonly now: number }> = []
        const asked: Array<number> = []
        const model: Service = {
          complete: ({ sample }) =>
            Effect.gen(function* () {
              const { ends, takes } = told[sample] ?? { ends: "ok", takes: 10 }
              most = Math.max(most, ++running)
              const now = yield* Clock.currentTimeMillis
              begun.push({ sample, now })
              assert.isAtMost(running, places)
              assert.isAtLeast(now, until)
              yield* Effect.sleep(takes)
              if (ends === "ok") return Completion.make("ok")
              if (ends === "away") return yield* new ProviderUnavailable({ message: "away" })
              if (ends === "refused") return yield* refusal()
              until = Math.max(until, (yield* Clock.currentTimeMillis) + 700)
              return yield* refusal(700)
            }).pipe(Effect.ensuring(Effect.sync(() => running--)))
        }
        const limited = (yield* Concurrency.limited(places))(model)
        const fibers = yield* Effect.forEach(told, ({ begins, interrupted }, sample) => {
          const call = Effect.suspend(() => {
            asked.push(sample)
            return Effect.asVoid(Effect.result(limited.complete({ ...request, sample })))
          })
          return Effect.forkChild(
            Effect.delay(interrupted === null ? call : Effect.asVoid(Effect.timeoutOption(call, interrupted)), begins)
          )
        })
        yield* TestClock.adjust("1 hour")
        yield* Fiber.joinAll(fibers)
        assert.strictEqual(running, 0)
        // those whose pause is over at the same instant begin at once, in whatever order their timers fire
        const turns = begun.toSorted((a, b) => a.now - b.now || asked.indexOf(a.sample) - asked.indexOf(b.sample))
        const samples = turns.map(({ sample }) => sample)
        assert.deepStrictEqual(
          samples,
          asked.filter((sample) => samples.includes(sample))
        )
        // nobody waits any more, and all who have it grow the pool back to all its places
        const rest = yield* Effect.forkChild(ask(limited, 200, told.length))
        yield* TestClock.adjust("1 hour")
        assert.isTrue((yield* Fiber.join(rest)).every(({ _tag }) => _tag === "Success"))
        most = 0
        const held = yield* Effect.forkChild(ask(limited, 30, told.length))
        yield* TestClock.adjust("1 hour")
        yield* Fiber.join(held)
        assert.strictEqual(most, places)
      })
  )
})
