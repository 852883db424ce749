import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { Puzzle } from "./Subject.ts"
import * as WordLists from "./WordLists.ts"
import { WordSorting } from "./WordSorting.ts"

const puzzle = (answer: string) => ({ id: "0", question: "Sort these.", answer })
const fault = (answer: string, right: string) => WordSorting.fault(answer, puzzle(right))

describe("a list of words", () => {
  it("is right with all words in order, however they are set apart", () => {
    for (const answer of ["ape bee cow", "ape, bee, cow", " Ape\nbee\ncow "]) {
      assert.isUndefined(fault(answer, "ape bee cow"), answer)
    }
    assert.isUndefined(fault("it&t e'er", "it&t e'er"))
    assert.isUndefined(fault("sub sub ten", "sub sub ten"))
  })

  it("is wrong in another order, and hears which two, and which letter decides", () => {
    assert.include(fault("cow ape bee", "ape bee cow"), 'it must be "ape bee cow"')
    assert.include(fault("ape cow bee", "ape bee cow"), '"bee" must stand before "cow": "b" comes before "c".')
    assert.include(
      fault("canoe candle", "candle canoe"),
      'the first 3 letters are the same, so letter 4 decides, and "d" comes before "o"'
    )
    assert.include(fault("tenth tent", "tent tenth"), "the shorter word comes first")
  })

  it("is wrong with a word left out, added, or said twice", () => {
    assert.include(fault("ape cow", "ape bee cow"), "left out: bee")
    assert.include(fault("ape bee bee cow dog", "ape bee cow"), "not in the list: bee, dog")
    assert.include(fault("", "ape bee"), "left out: ape, bee")
    assert.include(fault("sub ten", "sub sub ten"), "left out: sub")
  })

  it.effect.prop(
    "is right in no other order",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))],
    ([seed]) =>
      Effect.gen(function* () {
        const [{ answer, question }] = (yield* WordLists.generate(1, seed)) as readonly [Puzzle]
        assert.isUndefined(fault(answer, answer))
        assert.isDefined(fault(question.split(": ")[1]!, answer))
        assert.isDefined(fault(answer.split(" ").reverse().join(" "), answer))
      })
  )
})
