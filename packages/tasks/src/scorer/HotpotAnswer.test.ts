import { assert, describe, it } from "@effect/vitest"
import * as HotpotAnswer from "./HotpotAnswer.ts"

describe("a short answer in words", () => {
  it("is as exact, and has as many words in common, as the official evaluation says", () => {
    // computed in Python by the published rules: lower case, without string.punctuation and articles, F1 over words
    for (const [answer, gold, exact, f1] of [
      ["The Twist", "the Twist", true, 1],
      ["twist dance", "Twist", false, 2 / 3],
      ["yes, both", "yes", false, 0],
      ["No", "no.", true, 1],
      ["Captain Hans Geering of 'Allo", "Captain Hans Geering", false, 0.75],
      ["an apple and the apple", "apple apple pie", false, 2 / 3],
      ["J.R.R. Tolkien", "J. R. R. Tolkien", false, 1 / 3],
      ["", "x", false, 0],
      ["the", "a", true, 0],
      ["Ångström a", "ångström", true, 1],
      ["thé an", "thé", true, 1],
      ["1,000 people", "1000", false, 2 / 3]
    ] as const) {
      assert.strictEqual(HotpotAnswer.exact(answer, gold), exact, answer)
      assert.closeTo(HotpotAnswer.f1(answer, gold), f1, 1e-12, answer)
      assert.closeTo(HotpotAnswer.f1(gold, answer), f1, 1e-12, gold)
    }
  })

  it("is found where a reply states it, else on its last line", () => {
    assert.strictEqual(HotpotAnswer.find("It is in the text.\n\nAnswer: **The Twist**."), "The Twist")
    assert.strictEqual(HotpotAnswer.find("Thinking.\nThe Twist"), "The Twist")
    assert.deepStrictEqual(HotpotAnswer.score("Answer: Twist", "the Twist"), { score: 1, feedback: "" })
    const near = HotpotAnswer.score("Answer: twist dance", "Twist")
    assert.closeTo(near.score, 2 / 3, 1e-12)
    assert.strictEqual(near.feedback, `The answer "twist dance" is not exact, it must be "Twist".`)
    assert.match(HotpotAnswer.score("Answer: no", "yes").feedback, /is wrong/)
  })
})
