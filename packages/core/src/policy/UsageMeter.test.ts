import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import { ProviderUnavailable } from "../model/TextModelError.ts"
import * as UsageMeter from "./UsageMeter.ts"

const request = Request.make({ purpose: "forward", messages: [] })
const count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))
const Usage = Schema.Struct({ calls: count, inputTokens: count, cachedInputTokens: count, outputTokens: count })

describe("the meter", () => {
  it.effect.prop("adds up what all calls over all models used, at once or not", [Schema.Array(Usage)], ([usages]) =>
    Effect.gen(function* () {
      const meter = yield* UsageMeter.make()
      const model: Service = {
        complete: ({ sample }) =>
          Effect.andThen(Effect.yieldNow, Effect.succeed(Completion.make("x", { usage: usages[sample]! })))
      }
      const models = [UsageMeter.metered(meter)(model), UsageMeter.metered(meter)(model)]
      yield* Effect.forEach(usages, (_, sample) => models[sample % 2]!.complete({ ...request, sample }), {
        concurrency: "unbounded"
      })
      const sum = (of: (usage: Completion.Usage) => number) => usages.reduce((all, usage) => all + of(usage), 0)
      assert.deepStrictEqual(yield* meter.read, {
        calls: sum(({ calls }) => calls),
        inputTokens: sum(({ inputTokens }) => inputTokens),
        cachedInputTokens: sum(({ cachedInputTokens }) => cachedInputTokens),
        outputTokens: sum(({ outputTokens }) => outputTokens)
      })
    })
  )

  it.effect("counts a reply that was cut or filtered, and no call that failed", () =>
    Effect.gen(function* () {
      const meter = yield* UsageMeter.make()
      const usage = { calls: 1, inputTokens: 5, cachedInputTokens: 0, outputTokens: 7 }
      const model = UsageMeter.metered(meter)({
        complete: ({ sample }) =>
          sample === 0
            ? Effect.fail(new ProviderUnavailable({ message: "away" }))
            : Effect.succeed(Completion.make("half", { finishReason: "length", usage }))
      })
      yield* Effect.flip(model.complete(request))
      assert.deepStrictEqual(yield* meter.read, Completion.noUsage)
      assert.strictEqual((yield* model.complete({ ...request, sample: 1 })).finishReason, "length")
      assert.deepStrictEqual(yield* meter.read, usage)
    })
  )

  it.effect("reads zero where there is none", () =>
    Effect.gen(function* () {
      const meter = yield* UsageMeter.UsageMeter
      yield* meter.add({ calls: 1, inputTokens: 1, cachedInputTokens: 1, outputTokens: 1 })
      assert.deepStrictEqual(yield* meter.read, Completion.noUsage)
    })
  )
})
