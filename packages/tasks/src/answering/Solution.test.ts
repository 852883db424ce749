import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Question from "./Question.ts"
import * as Solution from "./Solution.ts"

const number = Question.ofNumber({ id: "n", question: "How many?", answer: "1" })

describe("the answer of a solution", () => {
  it("is what it states last, however it is dressed up, and none where it states none", () => {
    const written: ReadonlyArray<readonly [string, string]> = [
      ["It is so.\nAnswer: 31", "31"],
      ["Answer: 12\nNo, wrong.\nAnswer: 13", "13"],
      ["Answer: 12\nwhich is a dozen.", "12"],
      ["**Answer:** (B)", "(B)"],
      ["**Answer**: B", "B"],
      ["Final answer: _Paris_  ", "Paris"],
      ["Answer: 1,200 euros", "1,200 euros"],
      ["Hence \\boxed{18}.", "18"]
    ]
    for (const [text, answer] of written) assert.strictEqual(Solution.answerOf(text, number), answer, text)
    for (const text of ["", "Answer:", "Answer: **", "So there are 31 left.", "I am not sure any more."]) {
      assert.strictEqual(Solution.answerOf(text, number), "", text)
    }
  })
})

describe("a vote", () => {
  it("takes spellings of one number for one answer, in the words of the first", () => {
    assert.strictEqual(Solution.vote(["7", "1,200", "1200.0 euros", "$1200"], number), "1,200")
  })

  it("is for the earliest of equals, and nobody votes who has no answer", () => {
    assert.strictEqual(Solution.vote(["5", "6", "6", "5"], number), "5")
    assert.strictEqual(Solution.vote(["", "", "6"], number), "6")
    assert.strictEqual(Solution.vote(["", "6", "5"], number), "6")
    assert.strictEqual(Solution.vote(["", ""], number), "")
    assert.strictEqual(Solution.vote([], number), "")
  })

  it.prop(
    "is one of the answers, and no other has more votes",
    [Schema.Array(Schema.Literals(["", "1", "1.0", "2", "3"]))],
    ([given]) => {
      const votes = (answer: string) =>
        given.filter((one) => one !== "" && number.key(one) === number.key(answer)).length
      const winner = Solution.vote(given, number)
      if (given.every((one) => one === "")) return assert.strictEqual(winner, "")
      assert.include(given, winner)
      for (const one of given) assert.isAtMost(one === "" ? 0 : votes(one), votes(winner))
    }
  )
})
