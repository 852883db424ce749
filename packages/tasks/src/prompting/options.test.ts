import { assert, describe, it } from "@effect/vitest"
import { lettered, wrongOption } from "./options.ts"

const puzzle = {
  id: "0",
  ...lettered("What does Mira have?", ["harp", "cello", "oboe"], "cello"),
  why: "Mira took it."
}

describe("a question with lettered options", () => {
  it("is written with an option a line, and answered with a letter in brackets", () => {
    assert.strictEqual(puzzle.question, "What does Mira have?\nOptions:\n(A) harp\n(B) cello\n(C) oboe")
    assert.strictEqual(puzzle.answer, "(B)")
  })

  it("hears of a wrong choice what was taken, what is right, and why", () => {
    assert.isUndefined(wrongOption("B", puzzle))
    assert.strictEqual(wrongOption("C", puzzle), "The answer (C) oboe is wrong, it must be (B) cello. Mira took it.")
    const { why: _, ...published } = puzzle
    assert.strictEqual(wrongOption("F", published), "The answer (F) is wrong, it must be (B) cello.")
  })
})
