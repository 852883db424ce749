import { Verdict } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"

describe("Verdict", () => {
  it.effect.prop(
    "from: every number from 0 to 1 is a score, every other number is refused",
    [Schema.Number],
    ([score]) =>
      Effect.gen(function* () {
        const verdict = yield* Effect.result(Verdict.from(score))
        assert.strictEqual(verdict._tag, score >= 0 && score <= 1 ? "Success" : "Failure")
        if (verdict._tag === "Success") assert.deepStrictEqual(verdict.success, { score, feedback: "" })
      }),
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "average: the score stays between the lowest and the highest",
    [Schema.NonEmptyArray(Verdict.Verdict)],
    ([verdicts]) => {
      const scores = verdicts.map(({ score }) => score)
      const { score } = Verdict.average(verdicts)
      assert.isAtLeast(score, Math.min(...scores) - 1e-12)
      assert.isAtMost(score, Math.max(...scores) + 1e-12)
    }
  )

  it("average: says each thing once", () => {
    const verdict = (feedback: string) => ({ feedback, score: 0 })
    assert.strictEqual(Verdict.average([verdict("a"), verdict(""), verdict("b"), verdict("a")]).feedback, "a\n\nb")
  })
})
