import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Errors from "../model/TextModelError.ts"
import * as Circuit from "./Circuit.ts"

const request = Request.make({ purpose: "forward", messages: [] })
const away = new Errors.ProviderUnavailable({ message: "connection refused" })

/** A provider that can be switched, and how often it was asked. */
const provider = () => {
  const seen = { asked: 0, fails: undefined as Errors.TextModelError | undefined }
  const model: Service = {
    complete: () =>
      Effect.suspend(() => {
        seen.asked++
        return seen.fails === undefined ? Effect.succeed(Completion.make("ok")) : Effect.fail(seen.fails)
      })
  }
  return { seen, model }
}

const silent = (error: Errors.TextModelError) => error._tag === "ProviderUnavailable" && error.silentMs !== undefined

describe("a provider that never answers", () => {
  it.effect("is dead after three calls: a failure that ends a run, and is told at once from then on", () =>
    Effect.gen(function* () {
      const { model, seen } = provider()
      seen.fails = away
      const guarded = Circuit.make(Circuit.dead)(model)
      const ask = Effect.flip(guarded.complete(request))
      assert.deepStrictEqual([yield* ask, yield* ask], [away, away])
      for (const asked of [3, 3, 3]) {
        const error = yield* ask
        assert.isTrue(silent(error))
        assert.isTrue(Errors.isFatal(error))
        assert.include(error.message, "connection refused")
        assert.strictEqual(seen.asked, asked)
      }
      assert.isFalse(Errors.isFatal(away))
    })
  )

  it.effect("is asked by one call after half a minute: if that is answered, by all", () =>
    Effect.gen(function* () {
      const { model, seen } = provider()
      seen.fails = away
      const guarded = Circuit.make(Circuit.dead)(model)
      for (let i = 0; i < 3; i++) yield* Effect.flip(guarded.complete(request))
      yield* TestClock.adjust("30 seconds")
      assert.isTrue(silent(yield* Effect.flip(guarded.complete(request))))
      assert.isTrue(silent(yield* Effect.flip(guarded.complete(request))))
      assert.strictEqual(seen.asked, 4)
      yield* TestClock.adjust("30 seconds")
      seen.fails = undefined
      for (let i = 0; i < 3; i++) assert.strictEqual((yield* guarded.complete(request)).text, "ok")
      seen.fails = away
      assert.isFalse(silent(yield* Effect.flip(guarded.complete(request))))
    })
  )

  it.effect("is asked by another call where the one that was to find out was interrupted", () =>
    Effect.gen(function* () {
      let asked = 0
      const model: Service = {
        complete: () =>
          Effect.suspend(() =>
            asked++ < 3 ? Effect.fail(away) : asked === 4 ? Effect.never : Effect.succeed(Completion.make("ok"))
          )
      }
      const guarded = Circuit.make(Circuit.dead)(model)
      for (let i = 0; i < 3; i++) yield* Effect.flip(guarded.complete(request))
      yield* TestClock.adjust("30 seconds")
      const finding = yield* Effect.forkChild(guarded.complete(request))
      yield* TestClock.adjust(1)
      assert.isTrue(silent(yield* Effect.flip(guarded.complete(request))))
      yield* Fiber.interrupt(finding)
      assert.strictEqual((yield* guarded.complete(request)).text, "ok")
    })
  )
})

describe("a provider that has answered before", () => {
  it.effect("is given half a minute, however many calls fail in it", () =>
    Effect.gen(function* () {
      const { model, seen } = provider()
      const guarded = Circuit.make(Circuit.dead)(model)
      yield* guarded.complete(request)
      seen.fails = away
      for (let i = 0; i < 100; i++) {
        assert.strictEqual(yield* Effect.flip(guarded.complete(request)), away)
        yield* TestClock.adjust(299)
      }
      seen.fails = undefined
      yield* guarded.complete(request)
      seen.fails = away
      for (let i = 0; i < 2; i++) {
        assert.isFalse(silent(yield* Effect.flip(guarded.complete(request))))
        yield* TestClock.adjust("15 seconds")
      }
      assert.isTrue(silent(yield* Effect.flip(guarded.complete(request))))
    })
  )

  it.effect("is there where it refuses, filters or limits: that says nothing of the others", () =>
    Effect.gen(function* () {
      const { model, seen } = provider()
      const guarded = Circuit.make(Circuit.dead)(model)
      for (const error of [
        new Errors.RateLimited({ message: "slow down" }),
        new Errors.ContentFiltered({ message: "withheld" }),
        new Errors.InvalidRequest({ message: "malformed" })
      ]) {
        for (const fails of [away, away, error, away, away, error]) {
          seen.fails = fails
          assert.strictEqual(yield* Effect.flip(guarded.complete(request)), fails)
        }
      }
    })
  )

  it.effect("is not judged by what our own budget refuses", () =>
    Effect.gen(function* () {
      const { model, seen } = provider()
      const guarded = Circuit.make(Circuit.dead)(model)
      const budget = new Errors.BudgetExceeded({ message: "used up", of: "calls", limit: 1, spent: 1 })
      for (const fails of [away, budget, away, budget]) {
        seen.fails = fails
        yield* Effect.flip(guarded.complete(request))
      }
      seen.fails = away
      assert.isTrue(silent(yield* Effect.flip(guarded.complete(request))))
    })
  )
})
