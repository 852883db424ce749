import { assert, describe, it } from "@effect/vitest"
import { compared } from "./compared.ts"

describe("a test that asserts an equation", () => {
  it("is taken apart at the sign that stands outside of brackets and quotes", () => {
    const cases = [
      ["assert(f(1) === 2)", "assert.compared(f(1), 2, (a, b) => a === b)"],
      [
        "console.assert(f('a === b', (x) => x == 1) == \"=\");",
        "assert.compared(f('a === b', (x) => x == 1), \"=\", (a, b) => a == b)"
      ],
      [
        "assert(\n  text(f([1, 2])) ===\n    text([2])\n)",
        "assert.compared(text(f([1, 2])), text([2]), (a, b) => a === b)"
      ],
      ["assert(f('\\'(') === 1)", "assert.compared(f('\\'('), 1, (a, b) => a === b)"]
    ]
    for (const [test, expected] of cases) assert.strictEqual(compared(test!), expected)
  })

  it("is left as it is where it asserts anything else, or something beside it", () => {
    for (const test of [
      "assert(f(1))",
      "assert(f(1) !== 2)",
      "assert(f(1) < 2)",
      "assert(Math.abs(f(1) - 2) < 1e-6)",
      "assert(f(1) === 2, 'two')",
      "assert(f(1) === 2 && f(2) === 3)",
      "assert(f(1) === 2 === true)",
      "assert(x ? f(1) === 2 : true)",
      "assert(f(1) === 2); assert(f(2) === 3)",
      "assert.equal(f(1), 2)",
      "const x = f(1)\nassert(x === 2)",
      "assert(f(1) === 2) || (1)",
      "assert(x => x === 2)"
    ]) {
      assert.strictEqual(compared(test), test)
    }
  })
})
