import type { Event } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import * as lineage from "./lineage.ts"

const base = {
  run: "r",
  at: 0,
  usage: { calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }
}
const proposed = (
  candidate: number,
  parent: number,
  changes: { readonly [parameter: string]: readonly [before: string, after: string] },
  mergedWith?: number
): Event.Event => ({
  ...base,
  _tag: "Proposed",
  step: candidate,
  candidate,
  parent,
  ...(mergedWith === undefined ? {} : { mergedWith }),
  changes: Object.entries(changes).map(([parameter, [before, after]]) => ({
    parameter,
    before,
    after,
    reason: `${parameter} to ${after}`
  }))
})
const evaluated = (candidate: number, mean: number): Event.Event => ({
  ...base,
  _tag: "Evaluated",
  step: candidate,
  candidate,
  split: "validation",
  summary: { mean, low: 0, high: 1, n: 4, errors: 0 }
})
const accepted = (candidate: number, parent: number): Event.Event => ({
  ...base,
  _tag: "Accepted",
  step: candidate,
  candidate,
  parent,
  reason: "better"
})

// two went apart from the first, one of them went on, and both were merged
const events: ReadonlyArray<Event.Event> = [
  { ...base, _tag: "StepStarted", step: 1, candidate: 0, examples: [4, 2] },
  {
    ...base,
    _tag: "FeedbackGiven",
    step: 1,
    candidate: 0,
    parameter: "p",
    feedback: [{ _tag: "Criticism", text: "too old", from: "answer" }]
  },
  proposed(1, 0, { p: ["p0", "p1"] }),
  evaluated(1, 0.25),
  accepted(1, 0),
  proposed(2, 0, { q: ["q0", "q1"] }),
  evaluated(2, 0.5),
  accepted(2, 0),
  proposed(3, 2, { q: ["q1", "q2"] }),
  accepted(3, 2),
  proposed(4, 1, { q: ["q0", "q2"] }, 3),
  evaluated(4, 0.75),
  accepted(4, 1)
]
const steps = (parameter: string, candidate = 4) =>
  lineage.of(events, candidate, parameter).map(({ after, step }) => [step, after])

describe("the lineage of a parameter", () => {
  it("has the candidates that changed it on the way, with what they were made from, their reasons and scores", () => {
    assert.deepStrictEqual(lineage.of(events, 4, "p"), [
      {
        step: 1,
        candidate: 1,
        parent: 0,
        before: "p0",
        after: "p1",
        patch: [{ find: "p0", replace: "p1" }],
        examples: [4, 2],
        feedback: ["too old"],
        reason: "p to p1",
        validation: 0.25,
        kept: "better"
      }
    ])
  })

  it("of a merged value goes on where it was taken from", () => {
    assert.deepStrictEqual(steps("q"), [
      [2, "q1"],
      [3, "q2"],
      [4, "q2"]
    ])
    assert.strictEqual(lineage.of(events, 4, "q").at(-1)?.mergedWith, 3)
  })

  it("leaves out what others came to", () => {
    assert.deepStrictEqual(steps("p", 3), [])
    assert.deepStrictEqual(steps("q", 2), [[2, "q1"]])
    assert.deepStrictEqual(steps("p", 0), [])
  })

  it("ends, whatever a folder says", () => {
    const strange = [proposed(1, 2, { p: ["a", "b"] }), proposed(2, 1, { p: ["b", "a"] }, 1)]
    assert.isAtMost(lineage.of(strange, 1, "p").length, 2)
  })
})
