import { assert, describe, it } from "@effect/vitest"
import type { RunRecord } from "../run/RunRecord.ts"
import { uncoloured } from "../terminal/Style.ts"
import * as Ending from "./ending.ts"

const score = (mean: number, low: number, high: number) => ({ mean, low, high, n: 30, errors: 0 })
const record: RunRecord = {
  _tag: "RunRecord",
  version: 1,
  run: "r",
  task: "t",
  status: "finished",
  startedAt: 0,
  elapsedMs: 83_000,
  settings: { optimizer: "tgd", selector: "validation-gate", steps: 2, batchSize: 1, concurrency: 1, seed: 0 },
  models: { forward: "openai:m", backward: "openai:m", optimizer: "openai:m" },
  sizes: { train: 2, validation: 2, test: 30 },
  before: score(0.1, 0.03, 0.26),
  after: score(0.8, 0.63, 0.9),
  candidate: 1,
  initial: { p: "Answer." },
  best: { p: "Answer in one word.\u001b]0;title\u0007" },
  usage: { calls: 1234, inputTokens: 100_000, cachedInputTokens: 25_000, outputTokens: 2_000 }
}
const text = (fields: Partial<RunRecord>) =>
  Ending.lines(
    { ...record, ...fields },
    { folder: "runs/r", resume: undefined },
    { style: uncoloured, columns: 100 }
  ).join("\n")

describe("the ending of a run", () => {
  it("tells the prompt and the score before and after, the cost and the way back", () => {
    const ending = text({})
    for (const part of [
      "  - Answer.",
      "  + Answer in one word.",
      "before  0.10  (95 % interval 0.03–0.26, n 30)",
      "after   0.80  (95 % interval 0.63–0.90, n 30)",
      "The test score rose from 0.10 to 0.80.",
      "1,234 calls · 100,000 tokens in (25 % cached) · 2,000 out · 1:23",
      "show runs/r"
    ])
      assert.include(ending, part)
    assert.notInclude(ending, "\u001b")
  })

  it("says plainly where nothing was improved", () => {
    const { after: _, ...unchanged } = { ...record, candidate: 0, best: record.initial }
    assert.include(Ending.verdict(unchanged), "was not improved")
    assert.include(Ending.verdict({ ...record, after: score(0.1, 0.03, 0.26) }), "did not improve")
    assert.include(Ending.verdict({ ...record, after: score(0.05, 0, 0.2) }), "got worse")
  })

  const gain = { gain: 0.7, low: 0.53, high: 0.87, p: 0.0001, n: 30 }

  it("judges the gain by the examples that both were tested on, and says where it may be chance", () => {
    const sure = text({ gain })
    assert.include(sure, "gain    +0.70 (+0.53 to +0.87), p < 0.001")
    assert.include(sure, "The test score rose from 0.10 to 0.80.")
    // the intervals of both scores overlap, and no example got worse
    const paired = { after: score(0.3, 0.17, 0.48), gain: { gain: 0.2, low: 0.07, high: 0.33, p: 0.0156, n: 30 } }
    assert.include(text(paired), "The test score rose from 0.10 to 0.30.")
    for (const doubt of [{ low: -0.03 }, { p: 0.08 }]) {
      assert.include(text({ gain: { ...gain, ...doubt } }), "rose from 0.10 to 0.80, which may be chance")
    }
    // what failed counts as wrong there, and is left out of the mean
    assert.include(text({ gain: { ...gain, gain: -0.1, low: -0.2, high: 0 } }), "got worse")
  })

  it("says how much of a gain was luck of the choice, where that can be told, and else nothing", () => {
    const validated = { before: score(0.2, 0.1, 0.3), after: score(1, 0.8, 1) }
    const lucky = text({ validated, gain, luck: { luck: 0.3, low: 0.12, high: 0.47 } })
    assert.include(lucky, "chosen  by validation, 0.20 to 1.00")
    assert.include(lucky, "luck    0.30 (0.12 to 0.47) of the gain in validation is not there on the test")
    assert.notInclude(text({ validated, gain, luck: { luck: 0.1, low: -0.2, high: 0.4 } }), "luck")
    assert.notInclude(text({ validated, gain }), "luck")
    assert.notInclude(text({}), "chosen")
    assert.notInclude(text({ validated, candidate: 0, best: record.initial }), "chosen")
  })

  it("says why there is no score after, and why the run ended early", () => {
    const { after: _, ...cut } = record
    const lines = Ending.lines(
      { ...cut, status: "budget" },
      { folder: "runs/r", resume: undefined },
      { style: uncoloured, columns: 100 }
    ).join("\n")
    assert.include(lines, "not measured: the budget is used up")
    assert.include(lines, "its budget was used up")
    assert.include(text({ status: "interrupted" }), "was interrupted")
    assert.include(text({ status: "failed", error: "no key" }), "no key")
  })
})
