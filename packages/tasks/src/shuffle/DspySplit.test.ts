import { assert, describe, it } from "@effect/vitest"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as DspySplit from "./DspySplit.ts"

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

interface Row {
  readonly id: string
  readonly source: { readonly index: number }
}

describe("the split of GSM8K by DSPy", () => {
  it("shares no row, and has every row of the published test file", () => {
    const { test, train, validation } = DspySplit.split({ train: range(7473), test: range(1319) })
    assert.deepStrictEqual([train.length, validation.length, test.length], [200, 300, 1319])
    assert.strictEqual(new Set([...train, ...validation]).size, 500)
    assert.deepStrictEqual(
      [...test].sort((a, b) => a - b),
      range(1319)
    )
  })

  const there = isThere(published("gsm8k-dspy"), "the split of GSM8K is the published one")
  it.skipIf(!there)("is the published one to the row", () => {
    const split = DspySplit.split({ train: range(7473), test: range(1319) })
    for (const [part, file, places] of [
      ["train", "train.jsonl", split.train],
      ["val", "val.jsonl", split.validation],
      ["test", "test-public.jsonl", split.test]
    ] as const) {
      const rows = jsonLines<Row>(published("gsm8k-dspy", file))
      assert.isAbove(rows.length, 190)
      for (const { id, source } of rows) {
        const place = Number(new RegExp(`^gsm8k-dspy/${part}-(\\d+)$`).exec(id)?.[1])
        assert.strictEqual(places[place], source.index, id)
      }
    }
  })
})
