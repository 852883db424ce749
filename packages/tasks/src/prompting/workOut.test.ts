import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Propositions from "./Propositions.ts"
import * as Sums from "./Sums.ts"
import { expressionIn, workOut } from "./workOut.ts"

describe("an expression worked out", () => {
  it("takes the innermost brackets first, then the tighter operator, from the left", () => {
    assert.deepStrictEqual(workOut("2 + 3 * (4 - 1 - 5)", Sums.operators), {
      value: "-4",
      steps: ["4 - 1 = 3", "3 - 5 = -2", "3 * -2 = -6", "2 + -6 = -4"]
    })
    assert.deepStrictEqual(workOut("not ( not False and  True ) or True", Propositions.operators), {
      value: "True",
      steps: ["not False = True", "True and True = True", "not True = False", "False or True = True"]
    })
  })

  it("leaves over what it cannot read", () => {
    for (const text of ["", "2 +", "two + 3", "((", "True maybe False"]) {
      assert.strictEqual(workOut(text, [...Sums.operators, ...Propositions.operators]).value, text)
    }
  })

  it("is found in its question", () => {
    const signs = /[-+*()\d ]+/g
    assert.strictEqual(expressionIn("((-1 + 2) - (-2 * 3)) =", signs), "((-1 + 2) - (-2 * 3))")
    assert.strictEqual(expressionIn("Compute 2 + 3 in 1 go", signs), "2 + 3")
    assert.strictEqual(expressionIn("nothing", signs), "")
  })

  it.effect("comes to what JavaScript makes of it, a thousand times", () =>
    Effect.gen(function* () {
      const asJavaScript = (text: string) =>
        new Function(
          `return ${text
            .replaceAll("True", "true")
            .replaceAll("False", "false")
            .replaceAll(/\bnot\b/g, "!")
            .replaceAll(/\band\b/g, "&&")
            .replaceAll(/\bor\b/g, "||")}`
        )() as unknown
      for (const { answer, question } of yield* Propositions.generate(1000, 1)) {
        const expected = asJavaScript(question.split("? ")[1]!)
        assert.strictEqual(answer, expected === true ? "True" : "False", question)
      }
      for (const { answer, question } of yield* Sums.generate(1000, 1)) {
        assert.strictEqual(Number(answer), asJavaScript(question.replace("Compute ", "")), question)
      }
    })
  )
})
