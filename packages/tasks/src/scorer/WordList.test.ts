import { assert, describe, it } from "@effect/vitest"
import * as WordList from "./WordList.ts"

describe("the words of a reply", () => {
  const right = "can't it&t novelty"

  it("are the same however they are set apart", () => {
    for (const reply of [
      "can't it&t novelty",
      "Answer: can't it&t novelty",
      "Answer: can't, it&t, novelty.",
      "Answer: can't, it&t, and novelty",
      "Answer: Can't < IT&T < Novelty",
      `So the answer is "can't", "it&t", "novelty".`,
      "**Answer:** can't → it&t → novelty",
      "Answer:\n1. can't\n2. it&t\n3. novelty",
      "Sorted:\n\nAnswer:\n- can't\n- it&t\n- novelty\n",
      `{"answer": ["can't", "it&t", "novelty"]}`,
      "Answer: can’t it&t novelty".replace("’", "'")
    ])
      assert.strictEqual(WordList.score(reply, right).score, 1, reply)
  })

  it("must all be there, once each, in their order, and what is wrong is said", () => {
    for (const [reply, fault] of [
      ["Answer: can't novelty", "it leaves out it&t"],
      ["Answer: can't it&t list novelty", "it has list, which the question does not"],
      ["Answer: can't it&t it&t novelty", "a word more or less often"],
      ["Answer: it&t can't novelty", "can't must come before it&t"]
    ] as const) {
      const { feedback, score } = WordList.score(reply, right)
      assert.strictEqual(score, 0)
      assert.include(feedback, fault)
      assert.include(feedback, right)
    }
  })

  it("are none in a reply that was cut, or says nothing", () => {
    for (const reply of ["", "Answer:", `We have: (2) "a" < (3) "b".\nThe second letter`])
      assert.match(WordList.score(reply, right).feedback, /^No list can be read/, reply)
  })
})
