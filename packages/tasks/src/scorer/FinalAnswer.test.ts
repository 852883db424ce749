import { assert, describe, it } from "@effect/vitest"
import * as FinalAnswer from "./FinalAnswer.ts"

describe("the final answer of a reply", () => {
  it("is what it says last and most plainly", () => {
    for (const [reply, line] of [
      ["Answer: one\nAnswer: two\nand so on", "two"],
      ["The answer is one.\nAnswer: two\nThe answer is three.", "two"],
      ["The answer is one. No, the right answer must be two.", "two."],
      ["Answer: one, that is \\boxed{two}", "two"],
      ["\\boxed{one} is what I thought, but\nAnswer: two", "two"],
      ["It is \\boxed{\\frac{1}{2}}", "1/2"],
      ["**Final answer:**\n\n  `two`  \n\nthat is all", "two"],
      ["one\n#### two", "two"],
      ["#### one\nAnswer: two", "two"],
      ["Answer: one\n#### two", "two"],
      [`{"reasoning": "Answer: one", "answer": "two", "sure": true}`, "two"],
      [`{"answer": 2, "sure": true}`, "2"],
      [`{\n  "answer": "a \\"two\\""\n}`, `a "two"`],
      [`{ 'answer': 'two' }`, "two"],
      ["Answer:", ""],
      ["So the answer is", ""]
    ] as const)
      assert.deepStrictEqual(
        [FinalAnswer.find(reply).line, FinalAnswer.find(reply).stated],
        [line, true],
        JSON.stringify(reply)
      )
  })

  it("is only how it ends where it does not say", () => {
    for (const [reply, line] of [
      ["one\n\n**two**\n", "two"],
      ["two", "two"],
      ["", ""],
      ["I have answered.\ntwo", "two"],
      ["\\boxed{one", "\\boxed{one"]
    ] as const)
      assert.deepStrictEqual(FinalAnswer.find(reply), { stated: false, line, rest: line })
  })

  it("keeps its lines, and names with underscores, and loses mark-up", () => {
    assert.strictEqual(FinalAnswer.find("Answer:\n- one\n- two\n").rest, "- one\n- two")
    assert.strictEqual(FinalAnswer.plain("__one__ two_three *four* $\\text{five}$ \\$6"), "one two_three four five $6")
  })
})
