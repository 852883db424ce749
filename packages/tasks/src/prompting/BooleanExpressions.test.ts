import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLinesIn, published } from "../../fixture/published.ts"
import { Arithmetic } from "./Arithmetic.ts"
import { BooleanExpressions } from "./BooleanExpressions.ts"
import * as Propositions from "./Propositions.ts"
import type { Puzzle } from "./Subject.ts"
import * as Sums from "./Sums.ts"

const last = (feedback: string | undefined) => /= (\S+)\.$/.exec(feedback ?? "")?.[1]

describe("a wrong value of an expression", () => {
  it("hears the right one, the rules that this expression needs, and every step", () => {
    const boolean = { id: "0", question: "True or not ( False and True ) is", answer: "True" }
    assert.strictEqual(
      BooleanExpressions.fault("False", boolean),
      "The answer False is wrong, it must be True. Work out what is in brackets first. Then apply each not to what stands right after it. Work out every and before any or. False and True = False; not False = True; True or True = True."
    )
    const sum = { id: "0", question: "((2 + -3 * 4) - (5)) =", answer: "-15" }
    assert.strictEqual(
      Arithmetic.fault(3, sum),
      "The answer 3 is wrong, it must be -15. Work out what is in brackets first. Work out every product before any sum or difference. A minus right before a number is the sign of that number. -3 * 4 = -12; 2 + -12 = -10; -10 - 5 = -15."
    )
    assert.notInclude(BooleanExpressions.fault("False", { ...boolean, question: "True or True is" }), "brackets")
  })

  it.effect("hears no other value at the end of the steps than the answer", () =>
    Effect.gen(function* () {
      for (const puzzle of yield* Propositions.generate(300, 5)) {
        const wrong = puzzle.answer === "True" ? "False" : "True"
        assert.strictEqual(last(BooleanExpressions.fault(wrong, puzzle)), puzzle.answer)
        assert.isUndefined(BooleanExpressions.fault(puzzle.answer as "True", puzzle))
      }
      for (const puzzle of yield* Sums.generate(300, 5)) {
        assert.strictEqual(last(Arithmetic.fault(Number(puzzle.answer) + 1, puzzle)), puzzle.answer)
        assert.isUndefined(Arithmetic.fault(Number(puzzle.answer), puzzle))
      }
    })
  )
})

interface Row {
  readonly id: string
  readonly input: string
  readonly target: string
}

const rows = (set: string): ReadonlyArray<Puzzle> =>
  jsonLinesIn<Row>(published(set)).map(({ id, input, target }) => ({ id, question: input, answer: target }))

describe("published expressions", () => {
  const sets = { "bbh-boolean-expressions": BooleanExpressions, "bbh-multistep-arithmetic-two": Arithmetic }
  for (const [set, subject] of Object.entries(sets)) {
    const there = isThere(published(set), `working out the rows of ${set}`)
    it.skipIf(!there)(`of ${set} are worked out to their answers`, () => {
      const all = rows(set)
      assert.isAtLeast(all.length, 200)
      for (const puzzle of all) {
        const wrong = subject === Arithmetic ? Arithmetic.fault(Number(puzzle.answer) + 1, puzzle) : undefined
        const other = puzzle.answer === "True" ? "False" : "True"
        const feedback = wrong ?? BooleanExpressions.fault(other, puzzle)
        assert.strictEqual(last(feedback), puzzle.answer, puzzle.question)
      }
    })
  }
})
