import { assert, describe, it } from "@effect/vitest"
import { held, median, repeated } from "./Figure.ts"
import { table } from "./table.ts"

describe("Figure", () => {
  it("is held when its median is at most what was wanted, whatever its best repeat", () => {
    assert.strictEqual(held({ name: "a", unit: "x", measured: 1.25, wanted: 1.25 }), true)
    assert.strictEqual(held({ name: "a", unit: "x", measured: 1.26, min: 1, wanted: 1.25 }), false)
    assert.strictEqual(held({ name: "a", unit: "x", measured: 9 }), undefined)
  })

  it("takes the middle of repeats, and keeps the best", () => {
    assert.strictEqual(median([10, 1, 2]), 2)
    assert.strictEqual(median([4, 1, 2, 3]), 2.5)
    assert.deepStrictEqual(repeated({ name: "a", unit: "s", wanted: 3 }, [5, 1, 2]), {
      name: "a",
      unit: "s",
      wanted: 3,
      measured: 2,
      min: 1
    })
  })

  it("is a row of a table that says plainly what missed", () => {
    const rows = table([
      { name: "good", unit: "x", measured: 1, min: 0.5, wanted: 1.25 },
      { name: "bad", unit: "ms", measured: 1234.5, wanted: 1000 },
      { name: "to compare", unit: "tokens", measured: 28454 }
    ]).split("\n")
    assert.deepStrictEqual(rows, [
      "| figure     | wanted      | measured      | best   | held |",
      "|------------|-------------|---------------|--------|------|",
      "| good       | <= 1.25 x   | 1.00 x        | 0.50 x | yes  |",
      "| bad        | <= 1,000 ms | 1,235 ms      |        | NO   |",
      "| to compare |             | 28,454 tokens |        |      |"
    ])
  })
})
