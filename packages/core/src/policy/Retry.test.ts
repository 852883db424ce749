import { assert, describe, it } from "@effect/vitest"
import { Clock, type Duration, Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Errors from "../model/TextModelError.ts"
import * as Concurrency from "./Concurrency.ts"
import * as Deadline from "./Deadline.ts"
import * as Retry from "./Retry.ts"

const request = Request.make({ purpose: "forward", messages: [] })
const whole = Completion.make("done")

/** A provider that answers attempt 0, 1, 2… as told, and when each attempt was begun. */
const provider = (answer: (attempt: number) => ReturnType<Service["complete"]>) => {
  const begun: Array<number> = []
  const model: Service = {
    complete: () =>
      Effect.gen(function* () {
        begun.push(yield* Clock.currentTimeMillis)
        return yield* answer(begun.length - 1)
      })
  }
  return { begun, model }
}

/** A call with all the time it may want. */
const ask = (model: Service) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(model.complete(request)))
    yield* TestClock.adjust("3 days")
    return yield* Fiber.join(fiber)
  })

const failureOf = <A, E>(exit: Exit.Exit<A, E>) => (Exit.isFailure(exit) ? exit.cause.reasons[0] : undefined)
const errorOf = <A, E>(exit: Exit.Exit<A, E>) => {
  const reason = failureOf(exit)
  return reason?._tag === "Fail" ? reason.error : undefined
}
const pauses = (begun: ReadonlyArray<number>) => begun.slice(1).map((at, i) => at - begun[i]!)

const passing: ReadonlyArray<Errors.TextModelError> = [
  new Errors.RateLimited({ message: "slow down" }),
  new Errors.ProviderUnavailable({ message: "away" }),
  new Errors.TimedOut({ message: "late", afterMs: 1 })
]
const permanent: ReadonlyArray<Errors.TextModelError> = [
  new Errors.QuotaExhausted({ message: "no credit" }),
  new Errors.Unauthorized({ message: "the key is wrong" }),
  new Errors.ModelUnknown({ message: "no such model" }),
  new Errors.InvalidRequest({ message: "malformed" }),
  new Errors.ContextTooLong({ message: "too long" }),
  new Errors.ContentFiltered({ message: "withheld" }),
  new Errors.ReplyCut({ message: "cut", text: "ha" }),
  new Errors.ReplyTooLarge({ message: "too large" }),
  new Errors.BudgetExceeded({ message: "used up", of: "calls", limit: 1, spent: 1 }),
  new Errors.JournalUnwritable({ message: "the disk is full" }),
  new Errors.JournalMismatch({ message: "another run", place: "step 3" })
]
const malformed: ReadonlyArray<Errors.TextModelError> = [
  new Errors.EmptyReply({ message: "nothing" }),
  new Errors.ReplyUnreadable({ message: "unreadable", text: "?" })
]

describe("a model that is asked again", () => {
  it.effect(
    "is not waited for longer than the longest pause: the error comes at once, and says when to come back",
    () =>
      Effect.gen(function* () {
        const tooLong = new Errors.RateLimited({ message: "come back tomorrow", retryAfterMs: 86_400_000 })
        const { begun, model } = provider(() => Effect.fail(tooLong))
        assert.strictEqual(yield* Effect.flip(Retry.retrying()(model).complete(request)), tooLong)
        assert.strictEqual(begun.length, 1)
        const patient = provider((attempt) => (attempt === 0 ? Effect.fail(tooLong) : Effect.succeed(whole)))
        assert.isTrue(
          Exit.isSuccess(yield* ask(Retry.retrying({ longestPause: "1 day", callTimeout: "2 days" })(patient.model)))
        )
        assert.isAtLeast(pauses(patient.begun)[0]!, 86_400_000)
      })
  )

  for (const error of passing) {
    it.effect(`${error._tag} is asked about twice more, and is the answer if it stays`, () =>
      Effect.gen(function* () {
        const { begun, model } = provider(() => Effect.fail(error))
        assert.strictEqual(errorOf(yield* ask(Retry.retrying()(model))), error)
        assert.strictEqual(begun.length, 3)
      })
    )
  }

  for (const error of permanent) {
    it.effect(`${error._tag} is asked about once`, () =>
      Effect.gen(function* () {
        const { begun, model } = provider(() => Effect.fail(error))
        assert.strictEqual(errorOf(yield* ask(Retry.retrying({ times: 9 })(model))), error)
        assert.strictEqual(begun.length, 1)
      })
    )
  }

  for (const error of malformed) {
    it.effect(`${error._tag} was paid for, and is asked about once more`, () =>
      Effect.gen(function* () {
        const { begun, model } = provider(() => Effect.fail(error))
        assert.strictEqual(errorOf(yield* ask(Retry.retrying({ times: 9 })(model))), error)
        assert.strictEqual(begun.length, 2)
        const mixed = provider((attempt) => Effect.fail(attempt === 1 ? passing[1]! : error))
        assert.strictEqual(errorOf(yield* ask(Retry.retrying({ times: 9 })(mixed.model))), error)
        assert.strictEqual(mixed.begun.length, 3)
        const never = provider(() => Effect.fail(error))
        yield* ask(Retry.retrying({ times: 0 })(never.model))
        assert.strictEqual(never.begun.length, 1)
      })
    )
  }

  it.effect("knows every error there is as one of the three", () =>
    Effect.sync(() => {
      const tags = Errors.TextModelError.members.map((member) => member.fields._tag.schema.literal)
      assert.sameMembers(
        [...passing, ...malformed, ...permanent].map(({ _tag }) => _tag),
        tags
      )
      const all = [...passing, ...malformed, ...permanent]
      assert.deepStrictEqual(all.filter(Errors.isRetryable), [...passing])
      assert.deepStrictEqual(all.filter(Errors.isMalformed), [...malformed])
    })
  )

  it.effect("answers as soon as it can", () =>
    Effect.gen(function* () {
      for (const failures of [0, 1, 2]) {
        const { begun, model } = provider((attempt) =>
          attempt < failures ? Effect.fail(passing[attempt % 3]!) : Effect.succeed(whole)
        )
        assert.deepStrictEqual(yield* ask(Retry.retrying()(model)), Exit.succeed(whole))
        assert.strictEqual(begun.length, failures + 1)
      }
    })
  )

  it.effect("asks as often as told: never again with 0", () =>
    Effect.gen(function* () {
      for (const times of [0, 1, 5]) {
        const { begun, model } = provider(() => Effect.fail(passing[0]!))
        yield* ask(Retry.retrying({ times })(model))
        assert.strictEqual(begun.length, times + 1)
      }
    })
  )

  it.effect("stops at a permanent error between passing ones", () =>
    Effect.gen(function* () {
      const { begun, model } = provider((attempt) => Effect.fail(attempt === 1 ? permanent[1]! : passing[1]!))
      assert.strictEqual(errorOf(yield* ask(Retry.retrying({ times: 5 })(model)))?._tag, "Unauthorized")
      assert.strictEqual(begun.length, 2)
    })
  )

  it.effect("pauses twice as long each time, a fifth more or less", () =>
    Effect.gen(function* () {
      const { begun, model } = provider(() => Effect.fail(passing[1]!))
      yield* ask(Retry.retrying({ times: 4, base: "1 second" })(model))
      assert.strictEqual(begun.length, 5)
      pauses(begun).forEach((pause, i) => {
        assert.isTrue(pause >= 800 * 2 ** i && pause <= 1200 * 2 ** i, `${pause} at ${i}`)
      })
    })
  )

  const Millis = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 }))

  it.effect.prop(
    "never comes back sooner than the provider said, nor sooner than it would by itself",
    [Schema.Array(Schema.NullOr(Millis))],
    ([said]) =>
      Effect.gen(function* () {
        const { begun, model } = provider((attempt) => {
          const retryAfterMs = said[attempt]
          const fields = retryAfterMs === null || retryAfterMs === undefined ? {} : { retryAfterMs }
          return Effect.fail(
            attempt % 2 === 0
              ? new Errors.RateLimited({ message: "slow down", ...fields })
              : new Errors.ProviderUnavailable({ message: "away", ...fields })
          )
        })
        yield* ask(Retry.retrying({ times: Math.min(6, said.length), base: 100, callTimeout: "1 hour" })(model))
        assert.strictEqual(begun.length, Math.min(6, said.length) + 1)
        pauses(begun).forEach((exact, i) => {
          // differences of times that are no whole numbers
          const pause = Math.round(exact * 1000) / 1000
          assert.isAtLeast(pause, said[i] ?? 0)
          assert.isAtLeast(pause, 80 * 2 ** i)
          assert.isAtMost(pause, Math.max(1.1 * (said[i] ?? 0), 120 * 2 ** i) + 1)
        })
      })
  )

  it.effect("does not ask again what died, nor after it was told to stop", () =>
    Effect.gen(function* () {
      const died = provider(() => Effect.die("a bug"))
      assert.strictEqual(failureOf(yield* ask(Retry.retrying()(died.model)))?._tag, "Die")
      assert.strictEqual(died.begun.length, 1)

      const { begun, model } = provider(() => Effect.fail(passing[0]!))
      const fiber = yield* Effect.forkChild(Retry.retrying({ base: "10 seconds" })(model).complete(request))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(begun.length, 1)
    })
  )
})

describe("the deadline of an attempt", () => {
  it.effect("ends one that never answers, and says after how long; each attempt has its own", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const { begun, model } = provider(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++)))
      const error = errorOf(yield* ask(Retry.retrying({ attemptTimeout: "10 seconds", base: 100 })(model)))
      assert.deepStrictEqual(error?._tag === "TimedOut" && [error.afterMs, error.message], [
        10_000,
        "no whole reply within 10000 ms"
      ])
      assert.strictEqual(begun.length, 3)
      assert.strictEqual(interrupted, 3)
      for (const [i, pause] of pauses(begun).entries()) assert.closeTo(pause, 10_000 + 100 * 2 ** i, 20 * 2 ** i + 1)
    })
  )

  it.effect("leaves alone one that answers in time, and answers where only the first was late", () =>
    Effect.gen(function* () {
      const slow = provider(() => Effect.delay(Effect.succeed(whole), "9999 millis"))
      assert.deepStrictEqual(
        yield* ask(Retry.retrying({ attemptTimeout: "10 seconds" })(slow.model)),
        Exit.succeed(whole)
      )
      assert.strictEqual(slow.begun.length, 1)
      const once = provider((attempt) => (attempt === 0 ? Effect.never : Effect.succeed(whole)))
      assert.deepStrictEqual(yield* ask(Retry.retrying()(once.model)), Exit.succeed(whole))
      assert.strictEqual(once.begun.length, 2)
    })
  )
})

describe("the deadline of a call", () => {
  const away = new Errors.ProviderUnavailable({ message: "away" })

  it.effect("bounds all its attempts and pauses together; the last attempt gets what is left", () =>
    Effect.gen(function* () {
      const { begun, model } = provider(() => Effect.never)
      const times = { times: 9, base: 100, attemptTimeout: "10 seconds", callTimeout: "25 seconds" } as const
      const start = yield* Clock.currentTimeMillis
      const fiber = yield* Effect.forkChild(Effect.flip(Retry.retrying(times)(model).complete(request)))
      yield* TestClock.adjust("24 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag, "TimedOut")
      assert.include(error.message, "left of its time")
      assert.strictEqual(begun.length, 3)
      assert.isBelow(begun[2]! - start, 25_000)
    })
  )

  it.effect("ends a call whose pause would not fit at once, with the error that says when to come back", () =>
    Effect.gen(function* () {
      const slow = new Errors.RateLimited({ message: "slow down", retryAfterMs: 60_000 })
      const { begun, model } = provider((attempt) => Effect.delay(Effect.fail(attempt === 0 ? away : slow), 1000))
      const fiber = yield* Effect.forkChild(
        Effect.flip(
          Retry.retrying({ times: 9, callTimeout: "1 minute", attemptTimeout: "1 minute" })(model).complete(request)
        )
      )
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), slow)
      assert.strictEqual(begun.length, 2)
    })
  )

  it.effect("is never shorter than one attempt", () =>
    Effect.gen(function* () {
      const { model } = provider(() => Effect.delay(Effect.succeed(whole), "14 minutes"))
      assert.deepStrictEqual(yield* ask(Retry.retrying({ attemptTimeout: "15 minutes" })(model)), Exit.succeed(whole))
    })
  )

  it.effect("of the caller bounds the wait for a place, the attempt and the pauses; the sooner of two counts", () =>
    Effect.gen(function* () {
      const limit = yield* Concurrency.limited(1)
      const { begun, model } = provider((attempt) => (attempt === 0 ? Effect.never : Effect.fail(away)))
      const guarded = Retry.again({ times: 9 })(limit(Retry.deadline({ attemptTimeout: "10 seconds" })(model)))
      const within = (duration: Duration.Input) =>
        Effect.forkChild(
          guarded.complete(request).pipe(Deadline.within(duration), Deadline.within("20 seconds"), Effect.flip)
        )
      const holds = yield* within("1 hour")
      const waits = yield* within("4 seconds")
      yield* TestClock.adjust("4 seconds")
      const error = yield* Fiber.join(waits)
      assert.strictEqual(error._tag, "TimedOut")
      assert.include(error.message, "waiting for a place")
      assert.strictEqual(begun.length, 1)
      yield* TestClock.adjust("16 seconds")
      // its last pause would have been over after the twentieth second
      assert.strictEqual(yield* Fiber.join(holds), away)
      assert.isAbove(begun.length, 2)
    })
  )

  it.effect("counts waiting for a place again, and not waiting for the first", () =>
    Effect.gen(function* () {
      const limit = yield* Concurrency.limited(1)
      const { begun, model } = provider((attempt) =>
        attempt === 0
          ? Effect.delay(Effect.succeed(whole), "1 hour")
          : attempt === 1
            ? Effect.fail(away)
            : Effect.delay(Effect.succeed(whole), "3 minutes")
      )
      const options = { attemptTimeout: "2 hours", callTimeout: "2 hours" } as const
      const guarded = Retry.again(options)(limit(Retry.deadline(options)(model)))
      const long = yield* Effect.forkChild(guarded.complete(request))
      yield* TestClock.adjust(1)
      const short = { attemptTimeout: "2 minutes", callTimeout: "2 minutes" } as const
      const other = Retry.again(short)(limit(Retry.deadline(short)(model)))
      const waiting = yield* Effect.forkChild(Effect.result(other.complete(request)))
      const third = yield* Effect.forkChild(guarded.complete(request))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* Fiber.join(long), whole)
      // it had its first attempt after an hour, and then its place went to the third for longer than it could wait
      yield* TestClock.adjust("2 minutes")
      const result = yield* Fiber.join(waiting)
      assert.include(result._tag === "Failure" && result.failure.message, "waiting for a place")
      yield* Fiber.interrupt(third)
      assert.strictEqual(begun.length, 3)
    })
  )
})

describe("attempts", () => {
  it.effect("are counted over all layers that would ask again: the outermost decides", () =>
    Effect.gen(function* () {
      const { begun, model } = provider(() => Effect.fail(passing[1]!))
      const outer = Retry.retrying({ times: 2 })(Retry.retrying({ times: 7 })(Retry.retrying()(model)))
      yield* ask(outer)
      assert.strictEqual(begun.length, 3)
    })
  )
})
