import { Generators } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Combine from "./Combine.ts"

const parameters = Parameters.make({
  a: Parameter.schema(Schema.Finite, 1, { role: "a" }),
  b: Parameter.schema(Schema.Finite, 2, { role: "b" })
})
const { a, b } = parameters
const words = Parameters.make({
  one: Parameter.text("one", { role: "one" }),
  two: Parameter.text("two", { role: "two" })
})
const seed = [
  Feedback.make("too large", { from: "judge", score: 0.5 }),
  Feedback.make("too late", { from: "clock", weight: 2 })
]

describe("Combine", () => {
  it("adds, averages, joins and lists values", () => {
    assert.strictEqual(Combine.sum([a, b, b]).value, 5)
    assert.strictEqual(Combine.mean([a, b]).value, 1.5)
    assert.strictEqual(Combine.concat([words.one, words.two], { role: "both" }).value, "one\n\ntwo")
    assert.strictEqual(Combine.concat([words.one, words.two], { role: "both", separator: ", " }).value, "one, two")
    assert.deepStrictEqual(Combine.all([a, b], "all").value, [1, 2])
  })

  it("of nothing is the empty value", () => {
    assert.strictEqual(Combine.sum([]).value, 0)
    assert.isNaN(Combine.mean([]).value)
    assert.strictEqual(Combine.concat([], { role: "none" }).value, "")
    assert.deepStrictEqual(Combine.all([], "none").value, [])
  })

  const combined = {
    sum: Combine.sum([a, b]),
    mean: Combine.mean([a, b]),
    all: Combine.all([a, b], "all")
  }
  for (const [name, variable] of Object.entries(combined)) {
    it.effect(`${name} passes all feedback on to each input once, unchanged`, () =>
      Effect.gen(function* () {
        const gradients = yield* Backward.run(variable, { seed })
        assert.deepStrictEqual(gradients.of(a), seed)
        assert.deepStrictEqual(gradients.of(b), seed)
      })
    )
  }

  it.effect("concat passes all feedback on to each input once, unchanged", () =>
    Effect.gen(function* () {
      const gradients = yield* Backward.run(Combine.concat([words.one, words.two], { role: "both" }), { seed })
      assert.deepStrictEqual(gradients.of(words.one), seed)
      assert.deepStrictEqual(gradients.of(words.two), seed)
    })
  )

  it.effect("an input that stands twice hears everything twice, once a place", () =>
    Effect.gen(function* () {
      const gradients = yield* Backward.run(Combine.sum([a, b, a]), { seed })
      assert.deepStrictEqual(gradients.of(a), [...seed, ...seed])
      assert.deepStrictEqual(gradients.of(b), seed)
    })
  )

  it.effect.prop(
    "a sum of sums is heard as often as a parameter stands in it, over generated graphs",
    [Generators.blueprints()],
    ([blueprint]) =>
      Effect.gen(function* () {
        // every step that has inputs becomes a sum of numbers: then values and feedback count the same thing
        const built: Array<Variable.Variable<number>> = []
        for (const { inputs } of blueprint.steps) {
          built.push(inputs.length === 0 ? { ...a } : Combine.sum(inputs.map((input) => built[input]!)))
        }
        const root = built.at(-1)!
        const gradients = yield* Backward.run(root, { seed: seed.slice(0, 1) })
        const heard = built.filter(({ origin }) => origin._tag === "Parameter").map((leaf) => gradients.of(leaf).length)
        assert.strictEqual(
          heard.reduce((sum, one) => sum + one, 0),
          root.value
        )
      }),
    { arbitrary: { runs: 200 } }
  )
})
