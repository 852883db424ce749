import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Errors from "../model/TextModelError.ts"
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
    yield* TestClock.adjust("1 day")
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
  new Errors.EmptyReply({ message: "nothing" }),
  new Errors.ReplyCut({ message: "cut", text: "ha" }),
  new Errors.ReplyUnreadable({ message: "unreadable", text: "?" }),
  new Errors.ReplyTooLarge({ message: "too large" }),
  new Errors.BudgetExceeded({ message: "used up", of: "calls", limit: 1, spent: 1 }),
  new Errors.JournalUnwritable({ message: "the disk is full" }),
  new Errors.JournalMismatch({ message: "another run", place: "step 3" })
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
        assert.isTrue(Exit.isSuccess(yield* ask(Retry.retrying({ longestPause: "1 day" })(patient.model))))
        assert.deepStrictEqual(pauses(patient.begun), [86_400_000])
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

  it.effect("knows every error there is as one or the other", () =>
    Effect.sync(() => {
      const tags = Errors.TextModelError.members.map((member) => member.fields._tag.schema.literal)
      assert.sameMembers(
        [...passing, ...permanent].map(({ _tag }) => _tag),
        tags
      )
      assert.deepStrictEqual([...passing, ...permanent].map(Errors.isRetryable), [
        ...passing.map(() => true),
        ...permanent.map(() => false)
      ])
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
        yield* ask(Retry.retrying({ times: Math.min(6, said.length), base: 100 })(model))
        assert.strictEqual(begun.length, Math.min(6, said.length) + 1)
        pauses(begun).forEach((exact, i) => {
          // differences of times that are no whole numbers
          const pause = Math.round(exact * 1000) / 1000
          assert.isAtLeast(pause, said[i] ?? 0)
          assert.isAtLeast(pause, 80 * 2 ** i)
          assert.isAtMost(pause, Math.max(said[i] ?? 0, 120 * 2 ** i))
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
