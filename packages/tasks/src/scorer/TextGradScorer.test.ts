import { assert, describe, it } from "@effect/vitest"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as TextGradScorer from "./TextGradScorer.ts"

describe("TextGrad's scorer of numbers", () => {
  it("joins the digits of the last word that has any, up to its first full stop", () => {
    for (const [reply, number] of [
      ["It is 8 apples", 8n],
      ["Answer: $1,234.50", 1234n],
      ["-75", 75n],
      ["3/4", 34n],
      ["x=5,y=6", 56n],
      [".5", 0n],
      ["", 0n],
      ["none", 0n],
      ["first 5\nthen 6", 6n],
      ["12345678901234567890", 12345678901234567890n],
      ["9".repeat(4301), 0n]
    ] as const)
      assert.strictEqual(TextGradScorer.parseInteger(reply), number, reply)
    assert.strictEqual(TextGradScorer.parseInteger("\n first 5 \nthen 6", { onlyFirstLine: true }), 5n)
  })

  it("reads digits and blanks as Python does", () => {
    // written down from CPython 3.11: words are split at U+001C and U+0085, not at U+FEFF; ² is a digit that int() refuses
    for (const [reply, number] of [
      ["٣٤", 34n],
      ["\u{1d7d9}\u{1d7ec}", 10n],
      ["x²", 0n],
      ["4²", 0n],
      ["①", 0n],
      ["½ 7½", 7n],
      ["1\u001c2", 2n],
      ["1\u00852", 2n],
      ["1\ufeff2", 12n]
    ] as const)
      assert.strictEqual(TextGradScorer.parseInteger(reply), number, JSON.stringify(reply))
  })
})

const rows = <A>(file: string) => jsonLines<A>(published(`${file}.jsonl`))

type Vector =
  | { readonly fn: "parse_integer_answer"; input: string; only_first_line: boolean; expected: number }
  | { readonly fn: "eval_string_based"; input: string; gold: string; expected: number }

interface Scored {
  readonly id: string
  readonly response: string
  readonly target: string
  readonly textgrad_parsed?: string
  readonly textgrad_score?: number
}

const scored: ReadonlyArray<readonly [file: string, rows: number]> = [
  ["recorded/bbh-codex/object-counting", 400],
  ["recorded/bbh-codex/multistep-arithmetic-two", 400],
  ["recorded/gsm8k-solutions/solutions", 1200],
  ["recorded/textgrad-gsm8k-runs/steps", 381]
]

describe("TextGrad's scorers as they were recorded", () => {
  const there = isThere(published("scorers"), "TextGrad's scorers as recorded")

  it.skipIf(!there)("answer all 174 vectors the same", () => {
    const vectors = rows<Vector>("scorers/textgrad-scorer-vectors")
    assert.strictEqual(vectors.length, 174)
    for (const vector of vectors) {
      const found =
        vector.fn === "parse_integer_answer"
          ? Number(TextGradScorer.parseInteger(vector.input, { onlyFirstLine: vector.only_first_line }))
          : TextGradScorer.letterEquals(vector.input, vector.gold)
      assert.strictEqual(found, vector.expected, JSON.stringify(vector))
    }
  })

  for (const [file, count] of scored) {
    it.skipIf(!there)(`parse and score all ${count} replies of ${file} the same`, () => {
      const replies = rows<Scored>(file)
      assert.strictEqual(replies.length, count)
      for (const { id, response, target, textgrad_parsed, textgrad_score } of replies) {
        assert.strictEqual(`${TextGradScorer.parseInteger(response)}`, textgrad_parsed, id)
        assert.strictEqual(TextGradScorer.integersEqual(response, target), textgrad_score, id)
      }
    })
  }
})
