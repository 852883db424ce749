import { assert, describe, it } from "@effect/vitest"
import * as Solution from "./Solution.ts"

const python = {
  language: "python" as const,
  entryPoint: "double",
  prompt: 'from typing import List\n\ndef double(x: int) -> int:\n    """Twice x."""\n'
}
const javascript = {
  language: "javascript" as const,
  entryPoint: "double",
  prompt: "/* Twice x. */\nconst double = (x) => {\n"
}
const inWords = {
  language: "python" as const,
  entryPoint: "double",
  prompt: "Write a function double that gives twice x."
}

describe("the solution in a reply", () => {
  it("is the reply itself where it is code, and its fenced block where there is talk around it", () => {
    const code = "def double(x):\n    return 2 * x\n"
    assert.strictEqual(Solution.of(code, python), code)
    assert.strictEqual(Solution.of(`Sure!\n\n\`\`\`python\n${code}\`\`\`\nIt doubles.`, python), code)
    assert.strictEqual(Solution.of(`\`\`\`\n${code}`, python), code, "a block that is not closed")
  })

  it("is the last block that defines the name, however many others there are", () => {
    const reply =
      "First try:\n```python\ndef double(x):\n    return x\n```\nBetter:\n```python\ndef double(x):\n    return x + x\n```\nUse it so:\n```python\nprint(double(2))\nprint(double(3))\nprint(double(4))\n```\n"
    assert.strictEqual(Solution.of(reply, python), "def double(x):\n    return x + x\n")
  })

  it("is completed by the head of the prompt where it is only a body, with its indentation or without", () => {
    const whole = `${python.prompt}    y = x\n    return y + x`
    for (const body of ["    y = x\n    return y + x\n", "y = x\nreturn y + x", "y = x\n    return y + x"]) {
      assert.strictEqual(Solution.of(body, python), whole, body)
    }
    assert.strictEqual(
      Solution.of("for i in range(x):\n    x += 1\nreturn x", python),
      `${python.prompt}    for i in range(x):\n        x += 1\n    return x`
    )
  })

  it("closes a body in JavaScript once: braces in texts and comments do not count", () => {
    const expected = "/* Twice x. */\nconst double = (x) => {\n  // {\n  return x + x + '{'.length - 1;\n}"
    const body = "  // {\n  return x + x + '{'.length - 1;"
    assert.strictEqual(Solution.of(body, javascript), expected)
    assert.strictEqual(Solution.of(`${body}\n}`, javascript), expected)
  })

  it("is the method of a class as LeetCode has it, made a function", () => {
    const code =
      "from typing import List\n\nclass Solution:\n    factor = 2\n\n    # twice\n    def double(self, x: int) -> int:\n        return self.factor * x\n"
    const whole = `${code}\ndouble = lambda *args, **named: Solution().double(*args, **named)\n`
    for (const problem of [python, inWords]) {
      assert.strictEqual(Solution.of(code, problem), whole)
      const reply = `So:\n\`\`\`python\n${code}\`\`\`\nUse it:\n\`\`\`python\n# ${"=".repeat(200)}\nSolution().double(2)\n\`\`\`\n`
      assert.strictEqual(Solution.of(reply, problem), whole)
    }
    const both = `${code}\ndef double(x):\n    return Solution().double(x)\n`
    assert.strictEqual(Solution.of(both, python), both)
    const other = "class Solution:\n    def half(self, x):\n        pass\n\ndef use():\n    def double(x): pass\n"
    assert.notInclude(Solution.of(other, inWords), "lambda")
  })

  it("is left as it is where the prompt has no head to complete it with", () => {
    assert.strictEqual(Solution.of("return 2 * x", inWords), "return 2 * x")
  })

  it("knows a definition from a use, in each way that the languages have", () => {
    const defined = [
      [
        python,
        [
          "def double(x): pass",
          "async def double(x): pass",
          "double = lambda x: x",
          "class double: pass",
          "double: F = f"
        ]
      ],
      [
        javascript,
        [
          "function double(x) {}",
          "const double=x=>x",
          "let double = f",
          "class double {}",
          "async function double() {}",
          "double = x => x"
        ]
      ]
    ] as const
    for (const [problem, codes] of defined)
      for (const code of codes) assert.isTrue(Solution.defines(code, problem), code)
    const used = [
      [python, ["def doubled(x): pass", "double(2)", "if double == 3: pass", "# def double"]],
      [javascript, ["function doubled() {}", "double(2)", "const doubles = 1", "double === 2"]]
    ] as const
    for (const [problem, codes] of used) for (const code of codes) assert.isFalse(Solution.defines(code, problem), code)
  })
})
