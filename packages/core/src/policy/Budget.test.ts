import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import { ProviderUnavailable } from "../model/TextModelError.ts"
import * as Budget from "./Budget.ts"

const request = Request.make({ purpose: "forward", messages: [] })
const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

describe("a budget of calls", () => {
  it.effect.prop(
    "is never exceeded, and used up to the last, whatever runs at once, takes its time or fails, over all its models",
    [
      small(12),
      Schema.Array(Schema.Struct({ delay: small(50), fails: Schema.Boolean, model: Schema.Literals([0, 1]) }))
    ],
    ([calls, asked]) =>
      Effect.gen(function* () {
        let begun = 0
        const models = [0, 1].map(
          (): Service => ({
            complete: ({ sample }) =>
              Effect.gen(function* () {
                begun++
                assert.isAtMost(begun, calls)
                const { delay, fails } = asked[sample]!
                yield* Effect.sleep(delay)
                return fails ? yield* new ProviderUnavailable({ message: "away" }) : Completion.make("done")
              })
          })
        )
        const limit = yield* Budget.limited({ calls })
        const limited = models.map(limit)
        const fiber = yield* Effect.forkChild(
          Effect.forEach(
            asked,
            ({ model }, sample) => Effect.result(limited[model]!.complete({ ...request, sample })),
            {
              concurrency: "unbounded"
            }
          )
        )
        yield* TestClock.adjust("1 second")
        const results = yield* Fiber.join(fiber)
        const refused = results.flatMap((result) =>
          result._tag === "Failure" && result.failure._tag === "BudgetExceeded" ? [result.failure] : []
        )
        assert.strictEqual(begun, Math.min(calls, asked.length))
        assert.strictEqual(refused.length, Math.max(0, asked.length - calls))
        for (const { limit, message, spent } of refused) {
          assert.deepStrictEqual([limit, spent], [calls, calls])
          assert.include(message, String(calls))
        }
      })
  )

  it.effect("of 0 refuses the first call", () =>
    Effect.gen(function* () {
      const limit = yield* Budget.limited({ calls: 0 })
      const error = yield* Effect.flip(limit({ complete: () => Effect.die("asked") }).complete(request))
      assert.strictEqual(error._tag, "BudgetExceeded")
    })
  )

  it.effect("made twice is two budgets", () =>
    Effect.gen(function* () {
      const model: Service = { complete: () => Effect.succeed(Completion.make("done")) }
      const [one, two] = [yield* Budget.limited({ calls: 1 }), yield* Budget.limited({ calls: 1 })]
      yield* one(model).complete(request)
      yield* two(model).complete(request)
      assert.strictEqual((yield* Effect.flip(one(model).complete(request)))._tag, "BudgetExceeded")
    })
  )
})
