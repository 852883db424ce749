import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import type * as Example from "../task/Example.ts"
import * as Event from "../training/Event.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Evaluation from "./Evaluation.ts"
import * as HeldOut from "./HeldOut.ts"

/** So many examples of `n` right. */
const right = (of: number, n: number) => Array.from({ length: n }, (_, i) => (i < of ? 1 : 0))
const from = (before: number, after: number, n: number) => ({ before: right(before, n), after: right(after, n) })

describe("what was won, on held-out examples", () => {
  it.effect("is the paired gain with its interval", () =>
    Effect.gen(function* () {
      const { gain, luck } = yield* HeldOut.of({ test: from(10, 22, 30) })
      assert.isUndefined(luck)
      assert.closeTo(gain!.gain, 0.4, 1e-9)
      assert.isTrue(gain!.low > 0.2 && gain!.high < 0.6 && gain!.p < 0.001 && gain!.n === 30)
    })
  )

  it.effect("says how much of the gain was luck of the choice only as surely as the sets can tell", () =>
    Effect.gen(function* () {
      const luck = (validation: HeldOut.Scores, test: HeldOut.Scores) =>
        Effect.map(HeldOut.of({ test, validation }), (all) => all.luck)
      const sure = (yield* luck(from(20, 90, 100), from(20, 50, 100)))!
      assert.closeTo(sure.luck, 0.4, 1e-9)
      assert.isTrue(0.2 < sure.low && sure.low < 0.4 && 0.4 < sure.high && sure.high < 0.6)
      // the same on ten examples may be chance
      const unsure = (yield* luck(from(2, 7, 10), from(2, 5, 10)))!
      assert.isTrue(unsure.low < 0 && 0.2 <= unsure.high)
      // also where all went the same way: three examples are three
      const few = (yield* luck(from(0, 3, 3), from(1, 1, 3)))!
      assert.isTrue(few.low < few.luck && few.high >= few.luck)
      // perfect on both: whatever the difference of the gains is, it lies in the beginning
      assert.isUndefined(yield* luck(from(1, 10, 10), from(2, 10, 10)))
      assert.isUndefined(yield* luck({ before: [null], after: [1] }, from(2, 5, 10)))
    })
  )

  it.effect("counts what failed as wrong, and leaves out what got no answer", () =>
    Effect.gen(function* () {
      const scored = { _tag: "Scored", index: 0, output: "", score: 0.5, feedback: "" } as const
      const failed = { _tag: "Failed", index: 1, error: "ReplyUnreadable", message: "" } as const
      const lost = { ...failed, index: 2, error: "RateLimited" }
      const interval = { mean: 0.5, low: 0, high: 1, n: 1, method: "wilson" } as const
      const report = { results: [scored, failed, lost], interval, errors: 2, unanswered: [2] }
      assert.deepStrictEqual(HeldOut.scores(report), [0.5, 0, null])
      const event = (result: Example.Result, candidate = 3): Event.Event => ({
        ...{ _tag: "ExampleEvaluated", run: "r", step: 1, at: 0, candidate, split: "validation", result },
        usage: { calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }
      })
      // a race goes through them in another order
      const events = [event(lost), event(scored), event(failed), event({ ...scored, score: 1 }, 4)]
      assert.deepStrictEqual(Event.validated(events, 3), [0.5, 0, null])
    })
  )

  it.effect("is told of a run by its own events", () =>
    Effect.gen(function* () {
      const task = StudentModel.task()
      const before = yield* Evaluation.run(task, task.parameters, task.test)
      const events = yield* Stream.runCollect(Trainer.fit(task))
      const ended = events.findLast((event) => event._tag === "RunFinished")!
      const best = yield* Parameters.load(task.parameters, ended.parameters)
      const after = yield* Evaluation.run(task, best, task.test)
      const validation = { before: Event.validated(events, 0), after: Event.validated(events, ended.candidate) }
      assert.deepStrictEqual(validation, { before: right(0, 12), after: right(12, 12) })
      const test = { before: HeldOut.scores(before), after: HeldOut.scores(after) }
      const { gain, luck } = yield* HeldOut.of({ test, validation })
      assert.isUndefined(luck)
      assert.deepInclude(gain, { gain: 1, n: 12, high: 1 })
      // twelve of twelve are no certainty
      assert.isTrue(0.6 < gain!.low && gain!.low < 1)
    }).pipe(
      Effect.provide([TextualGradientDescent.layer(), ValidationGate.layer()]),
      Effect.provide(StudentModel.layer())
    )
  )
})
