import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import * as DspySplit from "./DspySplit.ts"

const beside = fileURLToPath(new URL("../../../../../shared", import.meta.url))

/** Published rows: in a folder `data` of `BACKPROSE_SHARED`, or beside the repository. */
const folder = join(process.env["BACKPROSE_SHARED"] ?? beside, "data", "gsm8k-dspy")

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

interface Row {
  readonly id: string
  readonly source: { readonly index: number }
}

const rows = (file: string): ReadonlyArray<Row> =>
  readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row)

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

  const there = existsSync(folder)
  if (!there) console.log("skipped: the split of GSM8K is the published one, which is not here: set BACKPROSE_SHARED")
  it.skipIf(!there)("is the published one to the row", () => {
    const split = DspySplit.split({ train: range(7473), test: range(1319) })
    for (const [part, file, places] of [
      ["train", "train.jsonl", split.train],
      ["val", "val.jsonl", split.validation],
      ["test", "test-public.jsonl", split.test]
    ] as const) {
      const published = rows(file)
      assert.isAbove(published.length, 190)
      for (const { id, source } of published) {
        const place = Number(new RegExp(`^gsm8k-dspy/${part}-(\\d+)$`).exec(id)?.[1])
        assert.strictEqual(places[place], source.index, id)
      }
    }
  })
})
