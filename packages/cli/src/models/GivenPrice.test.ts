import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import * as GivenPrice from "./GivenPrice.ts"

describe("a price on the command line", () => {
  it("is dollars per million tokens in and out, with or without a rate for kept input, for one model or for all", () => {
    const read: ReadonlyArray<readonly [string, GivenPrice.GivenPrice]> = [
      ["0.25,2", { input: 0.25, output: 2 }],
      ["$0.25,$2", { input: 0.25, output: 2 }],
      ["0,0", { input: 0, output: 0 }],
      ["1.25, .125, 10", { input: 1.25, cachedInput: 0.125, output: 10 }],
      ["gpt-5=1,2", { model: "gpt-5", input: 1, output: 2 }],
      ["openai:a=b=1,2", { model: "openai:a=b", input: 1, output: 2 }]
    ]
    for (const [text, price] of read) assert.deepStrictEqual(GivenPrice.parse(text), price)
  })

  it("is nothing else: what is no number is never taken for 0", () => {
    for (const text of ["", "1", "1,", ",2", "a,b", "1,2,3,4", "-1,2", "=1,2", "1e3,2", "Infinity,2", "1;2", "NaN,0"]) {
      assert.isUndefined(GivenPrice.parse(text), text)
    }
  })

  it.effect.prop("is read as it was written", [Arbitrary.schema(GivenPrice.GivenPrice)], ([price]) =>
    Effect.sync(() => {
      const { model, input, cachedInput, output } = price
      const rates = [input, ...(cachedInput === undefined ? [] : [cachedInput]), output]
      if (rates.some((rate) => Object.is(rate, -0))) return
      if (rates.some((rate) => `${rate}`.includes("e")) || model?.trim() !== model || model === "") return
      assert.deepStrictEqual(GivenPrice.parse(`${model === undefined ? "" : `${model}=`}${rates.join(",")}`), price)
    })
  )

  it("of a model comes before the one for all", () => {
    const prices = [
      { input: 1, output: 1 },
      { model: "b", input: 2, output: 2 },
      { model: "openai:c", input: 3, output: 3 }
    ]
    const of = (model: string) => GivenPrice.find(prices, { provider: "openai", model })?.input
    assert.deepStrictEqual([of("a"), of("b"), of("c")], [1, 2, 3])
    assert.isUndefined(GivenPrice.find(prices.slice(1), { provider: "openai", model: "a" }))
  })
})
