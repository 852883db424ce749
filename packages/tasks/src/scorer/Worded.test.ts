import { assert, describe, it } from "@effect/vitest"
import * as Worded from "./Worded.ts"

describe("a word question", () => {
  it("is scored by the form of its right answer", () => {
    const options = "When?\nOptions:\n(A) 01/02/2003\n(B) 02/02/2003"
    for (const [question, answer, right, wrong] of [
      [options, "(B)", "Answer: B", "Answer: A"],
      [options, "(B)", "Answer: February 2, 2003", "Answer: (C)"],
      ["Is it?", "False", "So the answer is no.", "Answer: True"],
      ["How many?", "-1234", "Answer: -1,234", "Answer: 1234"],
      ["Sort: b a", "a b", "Answer: a, b", "Answer: b a"]
    ] as const) {
      assert.deepStrictEqual(Worded.score(right, { id: "1", question, answer }), { score: 1, feedback: "" })
      const { feedback, score } = Worded.score(wrong, { id: "1", question, answer })
      assert.strictEqual(score, 0)
      assert.notStrictEqual(feedback, "")
    }
  })
})
