import { Price } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import * as Allowance from "./Allowance.ts"

const openai = (model: string, endpoint?: string) => ({
  provider: "openai",
  model,
  ...(endpoint === undefined ? {} : { endpoint })
})

const priceOf = (
  model: ReturnType<typeof openai>,
  prices: Allowance.Allowance["prices"] = [],
  env: Record<string, string> = {}
) =>
  Price.of(model).pipe(
    Effect.provide(Allowance.prices({ prices }), { local: true }),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env)))
  )

describe("the price of a hosted model", () => {
  it.live("is in the list, by its model and its server, also of a dated name", () =>
    Effect.gen(function* () {
      const own = yield* priceOf(openai("gpt-4o-mini-2024-07-18", "https://api.openai.com/v1"))
      assert.deepStrictEqual(own, { input: 0.15, cachedInput: 0.075, output: 0.6 })
      assert.deepStrictEqual(yield* priceOf(openai("gpt-4o-mini")), own)
    })
  )

  it.live("may be another one for large prompts", () =>
    Effect.gen(function* () {
      const price = yield* priceOf(openai("anthropic/claude-sonnet-4.5", "https://openrouter.ai/api/v1"))
      if (price?.above === undefined) return assert.fail("it has one price")
      const cost = (inputTokens: number) =>
        Price.microUsd(price, { inputTokens, cachedInputTokens: 0, outputTokens: 0 }) / inputTokens
      assert.isAbove(cost(300_000), cost(100_000))
      assert.strictEqual(cost(100_000), price.input)
    })
  )

  it.live("is not known of a model that nobody lists, nor of a known name at a server of one's own", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* priceOf(openai("no-such-model", "https://api.openai.com/v1")))
      assert.isUndefined(yield* priceOf(openai("gpt-4o-mini", "http://127.0.0.1:8080/v1")))
    })
  )

  it.live("is what the user says: the flag, then the environment, then the list", () =>
    Effect.gen(function* () {
      const env = { BACKPROSE_PRICE: "3,4 gpt-4o-mini=5,6" }
      const input = (given: Allowance.Allowance["prices"]) =>
        Effect.map(priceOf(openai("gpt-4o-mini"), given, env), (price) => price?.input)
      assert.strictEqual(yield* input([{ model: "other", input: 1, output: 1 }]), 5)
      assert.strictEqual(yield* input([{ input: 1, output: 1 }]), 1)
      const error = yield* Effect.flip(priceOf(openai("gpt-4o-mini"), [], { BACKPROSE_PRICE: "cheap" }))
      assert.include(error.message, `"cheap" is no price`)
    })
  )

  it.live("is nothing for an embedded one, whatever is given", () =>
    Effect.gen(function* () {
      const price = yield* priceOf({ provider: "local", model: "m" }, [{ input: 1, output: 1 }])
      assert.deepStrictEqual(price, Price.free)
    })
  )
})
