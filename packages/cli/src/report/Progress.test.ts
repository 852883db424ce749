import { type Event, Spend } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import type { Notice } from "../optimize/Notice.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import { uncoloured } from "../terminal/Style.ts"
import * as Progress from "./Progress.ts"
import * as Lines from "./progressLines.ts"

const usage = { calls: 7, inputTokens: 1200, cachedInputTokens: 0, outputTokens: 34 }
const base = { run: "r", at: 0, usage }
const record: RunRecord = {
  _tag: "RunRecord",
  version: 1,
  run: "r",
  task: "t",
  status: "running",
  startedAt: 0,
  elapsedMs: 0,
  settings: { optimizer: "tgd", selector: "validation-gate", steps: 2, batchSize: 1, concurrency: 1, seed: 0 },
  models: { forward: "openai:m", backward: "openai:m", optimizer: "openai:m" },
  sizes: { train: 2, validation: 2, test: 2 },
  candidate: 0,
  initial: { p: "a" },
  best: { p: "a" },
  usage
}
const result = (score: number) => ({ _tag: "Scored", index: 0, output: "", score, feedback: "" }) as const
const summary = (mean: number): Event.Summary => ({ mean, low: 0, high: 1, n: 2, errors: 0 })
const validated = (step: number, candidate: number, mean: number): ReadonlyArray<Notice> => [
  ...[0, 1].map(
    (): Notice => ({ _tag: "ExampleEvaluated", ...base, step, candidate, split: "validation", result: result(mean) })
  ),
  { _tag: "Evaluated", ...base, step, candidate, split: "validation", summary: summary(mean) }
]
const step = (step: number, mean: number, accepted: boolean): ReadonlyArray<Notice> => [
  { _tag: "StepStarted", ...base, step, candidate: 0, examples: [0] },
  { _tag: "ExampleEvaluated", ...base, step, candidate: 0, split: "train", result: result(0.25) },
  { _tag: "FeedbackGiven", ...base, step, candidate: 0, parameter: "p", feedback: [] },
  { _tag: "Proposed", ...base, step, candidate: step, parent: 0, changes: [] },
  ...validated(step, step, mean),
  accepted
    ? { _tag: "Accepted", ...base, step, candidate: step, parent: 0, reason: "0 -> 1\u001b[2J" }
    : { _tag: "Rejected", ...base, step, candidate: step, parent: 0, reason: "worse" },
  { _tag: "Checkpointed", ...base, step, candidate: 0, parameters: {} }
]
const tested = (when: "before" | "after"): ReadonlyArray<Notice> => [
  { _tag: "TestStarted", when, total: 2 },
  { _tag: "Tested", when, result: result(0) },
  { _tag: "Tested", when, result: result(0) },
  { _tag: "TestFinished", when, summary: summary(0) }
]
const whole: ReadonlyArray<Notice> = [
  ...tested("before"),
  {
    _tag: "RunStarted",
    ...base,
    step: 0,
    version: 1,
    task: "t",
    seed: 0,
    steps: 2,
    batchSize: 1,
    sizes: record.sizes,
    parameters: {}
  },
  ...validated(0, 0, 0.5),
  ...step(1, 1, true),
  ...step(2, 0, false),
  { _tag: "RunFinished", ...base, step: 2, stopped: "steps", candidate: 1, parameters: {} },
  ...tested("after")
]
const states = whole.reduce<ReadonlyArray<Progress.Progress>>(
  (all, notice) => [...all, Progress.next(all.at(-1)!, notice)],
  [Progress.initial(record)]
)

describe("the progress of a run", () => {
  it("only ever grows, from nothing to all", () => {
    const shares = states.map(Progress.share)
    assert.strictEqual(shares[0], 0)
    assert.strictEqual(shares.at(-1), 1)
    assert.deepStrictEqual(
      shares,
      shares.toSorted((a, b) => a - b)
    )
  })

  it("keeps the validation score of what was accepted, not of what was rejected", () => {
    assert.strictEqual(states.at(-1)?.validation, 1)
  })

  it("says in words what is going on", () => {
    const doings = states.map(({ doing }) => doing).filter((doing, i, all) => doing !== "" && doing !== all[i - 1])
    assert.deepStrictEqual(doings, [
      "starting",
      "test before",
      "validating the start",
      "training",
      "criticising",
      "rewriting",
      "validating",
      "training",
      "criticising",
      "rewriting",
      "validating",
      "finishing",
      "test after"
    ])
  })

  it("has a line for the scores, and for each proposal with its reason, made harmless", () => {
    const lines = whole.flatMap((notice, i) => Lines.lasting(states[i]!, notice, uncoloured) ?? [])
    assert.deepStrictEqual(lines, [
      "  test before   0.00  (95 % interval 0.00–1.00, n 2)",
      "  validation    0.50  (95 % interval 0.00–1.00, n 2)",
      "  step 1/2      accepted  0 → 1  (train 0.25)",
      "  step 2/2      rejected  worse  (train 0.25)",
      "  test after    0.00  (95 % interval 0.00–1.00, n 2)"
    ])
  })

  it("leaves out of its live line what does not fit, the least important first", () => {
    const state = states[whole.findIndex(({ _tag }) => _tag === "Proposed") + 1]!
    const spend = { ...Spend.none, usd: 0.0123 }
    const at = (columns: number) => Lines.live(state, { usage, spend, elapsedMs: 61_000, columns })
    assert.strictEqual(
      at(120),
      "  step 1/2 · validating 0/2 · train 0.25 · validation 0.50 · 7 calls · $0.0123 · 1.2k tokens · 1:01, about 1:16 left"
    )
    assert.strictEqual(at(80), "  step 1/2 · validating 0/2 · validation 0.50 · $0.0123 · 1:01, about 1:16 left")
    assert.strictEqual(at(30), "  step 1/2 · validating 0/2")
    for (let columns = 5; columns < 130; columns++) assert.isBelow(at(columns).length, columns)
  })
})

describe("the progress of a step that tries several", () => {
  const pool: RunRecord = { ...record, settings: { ...record.settings, selector: "pareto", proposals: 2 } }
  const after = (of: RunRecord, notices: ReadonlyArray<Notice>) =>
    notices.reduce(Progress.next, { ...Progress.initial(of), validation: 0.5 })
  const admitted = (_tag: "Accepted" | "Rejected", candidate: number): Notice => ({
    _tag,
    ...base,
    step: 1,
    candidate,
    parent: 0,
    reason: ""
  })

  it("takes the minibatch's score from the candidate that is extended, not from those that are tried on it", () => {
    const train = (candidate: number, score: number): Notice => ({
      _tag: "ExampleEvaluated",
      ...base,
      step: 1,
      candidate,
      split: "train",
      result: result(score)
    })
    const started: Notice = { _tag: "StepStarted", ...base, step: 1, candidate: 3, examples: [0] }
    assert.strictEqual(after(pool, [started, train(3, 0.25), train(4, 1)]).train, 0.25)
  })

  it("counts the examples of all that are validated together", () => {
    const proposed = (candidate: number): Notice => ({
      _tag: "Proposed",
      ...base,
      step: 1,
      candidate,
      parent: 0,
      changes: []
    })
    const progress = after(pool, [proposed(1), proposed(2), ...validated(1, 1, 0), ...validated(1, 2, 0)])
    assert.deepStrictEqual([progress.done, progress.total], [4, 4])
    assert.isBelow(Progress.share(progress), 1)
  })

  it("tells the best of what is kept, each by its own score", () => {
    const both = [...validated(1, 1, 0.25), ...validated(1, 2, 0.75)]
    const tell = (of: RunRecord, ...more: ReadonlyArray<Notice>) => after(of, [...both, ...more]).validation
    assert.strictEqual(tell(pool, admitted("Accepted", 1)), 0.5)
    assert.strictEqual(tell(pool, admitted("Accepted", 1), admitted("Accepted", 2)), 0.75)
    assert.strictEqual(tell(pool, admitted("Accepted", 2), admitted("Accepted", 1)), 0.75)
    // whoever keeps one has the one that it took
    assert.strictEqual(tell(record, admitted("Accepted", 1), admitted("Rejected", 2)), 0.25)
  })
})
