import { assert, describe, it } from "@effect/vitest"
import * as Fence from "../prompts/Fence.ts"
import * as ProposedText from "./ProposedText.ts"

const before = "Answer the question."
const against: ProposedText.Against = {
  before,
  prompt: `# The text\n${Fence.wrap("value", before)}`,
  example: JSON.stringify({ value: "Sort the letter.\n- Dogs: D1.", changed: "a rule" })
}
const problem = (value: unknown, more: Partial<ProposedText.Against> = {}) =>
  ProposedText.problem(value, { ...against, ...more })
const tag = Fence.wrap("value", before).split("\n")[0]!

describe("a proposed value", () => {
  const fine: ReadonlyArray<readonly [string, unknown]> = [
    ["plain", "Answer in one word."],
    ["of many lines, with tabs and CRLF", "a\r\n\tb\n\f"],
    ["with markup", "<b>bold</b> <script>alert(1)</script> <value>"],
    ["with colours of a terminal", "\u001b[31mred\u001b[0m"],
    ["from right to left", "\u202Eשלום\u202C"],
    ["with joined emoji", "👩‍👩‍👧 is one"],
    ["that is short", "4"],
    ["that is a sign", "-"],
    ["as long as ever allowed", "x".repeat(64 * 1024)],
    ["that looks like another fence", "<value-0abc12>"],
    ["of another schema", { guide: "Be brief.", limits: [1, 2] }]
  ]
  for (const [how, value] of fine) it(`may be ${how}`, () => assert.isUndefined(problem(value)))

  const refused: ReadonlyArray<readonly [string, unknown, RegExp]> = [
    ["hold NUL", "a\u0000b", /U\+0000/],
    ["hold a control character in a part of it", { guide: ["a\u0007"] }, /U\+0007/],
    ["hold one in a key", { "a\u0008": 1 }, /U\+0008/],
    ["hold half a character", "a\ud800b", /surrogate/],
    ["be endless", "x".repeat(64 * 1024 + 1), /65537 characters/],
    ["be endless in parts", { a: "x".repeat(40_000), b: "x".repeat(40_000) }, /characters long/],
    ["be nothing to the eye", "\u200b\u2060 \u00a0", /can be seen/],
    ["be dots", " ... ", /only stands for/],
    ["be a name for itself", "<new text>", /only stands for/],
    ["hold a tag of the question", `${tag}\nNew.`, /marks where/],
    ["be the worked example's", "Sort the letter.\n- Dogs: D1.", /worked example/]
  ]
  for (const [what, value, why] of refused) {
    it(`may not ${what}`, () => assert.match(problem(value) ?? "taken", why))
  }

  it("may be twenty times as long as what it replaces", () => {
    const long = "x".repeat(10_000)
    assert.isUndefined(problem(long.repeat(20), { before: long }))
    assert.match(problem(`${long.repeat(20)}x`, { before: long })!, /more than 200000/)
  })

  it("may hold what the old value holds", () => {
    assert.isUndefined(problem("b\u0007", { before: "a\u0007" }))
    const quoting = `Write ${tag} first.`
    assert.isUndefined(problem(`${quoting} Always.`, { before: quoting }))
    assert.isUndefined(problem("Sort the letter.\n- Dogs: D1.", { before: "Sort the letter.\n- Dogs: D1." }))
  })
})
