import { assert, describe, it } from "@effect/vitest"
import * as Truth from "./Truth.ts"

describe("the truth of a reply", () => {
  it("is what it states, or what its last line says by itself", () => {
    for (const [reply, truth] of [
      ["True", true],
      ["false.", false],
      ["Answer: Yes, because it is", true],
      ["Answer: no", false],
      ["**Answer:** `False`", false],
      ["So the answer is True.", true],
      [`{"answer": false}`, false],
      ["\\boxed{\\text{True}}", true],
      ["Z = True and False = False", false],
      ["A is false.\nSo Z is True.", true],
      ["Answer: the statement is false", false],
      ["Answer: not sure", undefined],
      ["= not not False", undefined],
      ["Z = True and", undefined],
      ["nothing", undefined],
      ["Answer: none", undefined],
      ["", undefined]
    ] as const)
      assert.strictEqual(Truth.find(reply), truth, JSON.stringify(reply))
  })

  it("is compared by what it means", () => {
    assert.deepStrictEqual(Truth.score("Answer: yes", "True"), { score: 1, feedback: "" })
    assert.deepStrictEqual(Truth.score("Answer: yes", "no"), {
      score: 0,
      feedback: "The answer is wrong, it must be no."
    })
    assert.match(Truth.score("perhaps", "True").feedback, /^Neither true nor false can be read/)
    assert.strictEqual(Truth.score("perhaps", "perhaps").score, 0)
  })
})
