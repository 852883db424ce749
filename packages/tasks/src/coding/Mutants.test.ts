import { assert, describe, it } from "@effect/vitest"
import * as Exercises from "./exercises/Exercises.ts"
import * as Mutants from "./Mutants.ts"

const slips = (code: string, language: "python" | "javascript") => Mutants.of(code, language).map(({ slip }) => slip)

describe("the mutants of a program", () => {
  it("are its small slips, each by line, none in a text, a comment or the head of a function", () => {
    const code = `def count(items, most=3):
    """More than 1 + 1 of them."""
    # 3 > 2
    if items[0] <= most and not items == "a < b or 7":
        return max(items) - 1
`
    assert.deepStrictEqual(slips(code, "python"), [
      "line 4: <= to <",
      "line 4: == to !=",
      "line 5: - to +",
      "line 4: and to or",
      "line 4: not  to ",
      "line 4: 0 to 1",
      "line 4: 0 to -1",
      "line 5: 1 to 2",
      "line 5: 1 to 0",
      "line 5: max to min",
      "line 5: left out return max(items) - 1"
    ])
    assert.include(
      slips("const f = (x) => {\n  if (!(x > 1)) { x -= 2; }\n  return x;\n}", "javascript"),
      "line 3: left out return x;"
    )
  })

  it("differ from it and from each other, and keep its lines", () => {
    for (const language of ["python", "javascript"] as const) {
      for (const { reference } of Exercises.all(language)) {
        const mutants = Mutants.of(reference!, language).map(({ code }) => code)
        assert.isAbove(mutants.length, 0)
        assert.strictEqual(new Set([reference, ...mutants]).size, mutants.length + 1)
        for (const code of mutants) assert.strictEqual(code.split("\n").length, reference!.split("\n").length)
      }
    }
  })
})
