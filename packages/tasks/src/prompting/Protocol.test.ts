import { type Candidate, Selector } from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as Protocol from "./Protocol.ts"

const recorded = published("recorded/textgrad-prompts/notebook-object-counting-run.jsonl")

interface Step {
  readonly val: number
  readonly previous_val: number
  readonly rejected_prompt: string | null
  readonly prompt_after: string
}

// the notebook's validation set had so many rows
const rows = 83

/** A candidate that was right on as many rows as the recording says. */
const scored = (id: number, val: number, prompt: string): Candidate.Candidate => ({
  id,
  step: id,
  values: { instructions: prompt },
  scores: Array.from({ length: rows }, (_, i) => (i < Math.round(val * rows) ? 1 : 0))
})

const there = isThere(recorded, "the recorded run of TextGrad's notebook")

describe("the protocol of the paper", () => {
  it("has the paper's figures", () => {
    assert.deepStrictEqual(Protocol.training, { batchSize: 3, steps: 12 })
    assert.deepStrictEqual(Protocol.bbh, { train: 50, validation: 100, test: 100 })
    assert.deepStrictEqual(Protocol.gsm8k, { train: 200, validation: 300, test: 1319 })
  })

  it.effect.skipIf(!there)("keeps and takes back exactly the prompts that TextGrad's notebook did", () =>
    Effect.gen(function* () {
      const steps = jsonLines<Step>(recorded)
      assert.strictEqual(steps.length, 12)
      const { admit, best, select } = yield* Selector
      // what the first step was compared with is the prompt that the run began with
      let pool: readonly [Candidate.Candidate, ...ReadonlyArray<Candidate.Candidate>] = [
        scored(0, steps[0]!.previous_val, "first")
      ]
      const kept: Array<boolean> = []
      for (const [i, { previous_val, prompt_after, rejected_prompt, val }] of steps.entries()) {
        const parent = yield* select(pool)
        assert.closeTo(parent.scores!.filter((score) => score === 1).length / rows, previous_val, 1e-9)
        const admission = yield* admit(pool, scored(i + 1, val, rejected_prompt ?? prompt_after))
        assert.strictEqual(admission.accepted, rejected_prompt === null, `step ${i}`)
        if (admission.accepted || i > 0) kept.push(admission.accepted)
        pool = admission.pool
        if (pool[0].id > 0) assert.strictEqual(best(pool).values["instructions"], prompt_after)
      }
      assert.isTrue(kept.includes(true) && kept.includes(false), "a run that shows only one side proves nothing")
    }).pipe(Effect.provide(Protocol.layer), Effect.provide(ScriptedModel.layer([])))
  )

  it.effect("takes a prompt that is as good, as `val < previous_val` does", () =>
    Effect.gen(function* () {
      const { admit } = yield* Selector
      const pool = [scored(0, 0.5, "first")] as const
      assert.isTrue((yield* admit(pool, scored(1, 0.5, "second"))).accepted)
      assert.isFalse((yield* admit(pool, scored(1, 0.48, "second"))).accepted)
    }).pipe(Effect.provide(Protocol.layer), Effect.provide(ScriptedModel.layer([])))
  )
})
