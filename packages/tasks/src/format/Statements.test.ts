import { assert, describe, it } from "@effect/vitest"
import * as Statements from "./Statements.ts"

describe("a block of tests", () => {
  it("is taken apart at lines that begin a statement, whatever brackets and quotes hold", () => {
    const block = `
    # a comment
    assert f([
        1, 2
    ]) == ")"

    assert f("a # no comment (") == 'it\\'s ['  # but this is: (
    for i in range(3):
        assert f(i) == i

        assert f("x") == {
      "y": 1
    }
    assert f(2)
`
    assert.deepStrictEqual(Statements.split(block, "#"), [
      `assert f([\n    1, 2\n]) == ")"`,
      `assert f("a # no comment (") == 'it\\'s ['  # but this is: (`,
      `for i in range(3):\n    assert f(i) == i\n    assert f("x") == {\n  "y": 1\n}`,
      "assert f(2)"
    ])
  })

  it("may have text over several lines, and comments with two slashes", () => {
    const block = "// no\nassert(f(`a\nassert(`) === 1) // (\nassert(f('http://x') === 2)\n\n"
    assert.deepStrictEqual(Statements.split(block, "//"), [
      "assert(f(`a\nassert(`) === 1) // (",
      "assert(f('http://x') === 2)"
    ])
    assert.deepStrictEqual(Statements.split("\n  \n", "#"), [])
  })
})
