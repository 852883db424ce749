import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ending, eventsOf, of } from "../../fixture/runs.ts"
import * as Errors from "../model/TextModelError.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "./Trainer.ts"

const lost = new Errors.RateLimited({ message: "later" })
const withheld = new Errors.ContentFiltered({ message: "withheld" })

type Said = number | Errors.TextModelError

/** What comes of the proposal on a minibatch of these: before it, with it. */
const gated = (examples: ReadonlyArray<readonly [Said, Said]>, gate: "notWorse" | "strictGain" = "strictGain") => {
  const task = Task.make({
    name: "given",
    parameters: Parameters.make({ text: Parameter.text("old", { role: "text" }) }),
    forward: (p, example: readonly [Said, Said]) => {
      const said = example[p.text.value === "old" ? 0 : 1]
      return typeof said === "number" ? Effect.succeed(p.text) : Effect.fail(said)
    },
    metric: (text: string, example) => ({ score: Number(example[text === "old" ? 0 : 1]), feedback: "" }),
    train: examples
  })
  const proposing = Layer.succeed(Optimizer, {
    differentiates: false,
    propose: () => Effect.succeed({ values: new Map([["text", "new"]]), reasons: new Map() })
  })
  return eventsOf(Trainer.fit(task, { steps: 1, batchSize: examples.length, minibatchGate: gate })).pipe(
    Effect.provide([proposing, Latest.layer], { local: true }),
    Effect.map(({ events }) => ({
      kept: ending(events).candidate === 1,
      why: of(events, "Rejected")[0]?.reason,
      ran: of(events, "ExampleEvaluated").filter(({ candidate }) => candidate === 1).length
    }))
  )
}

describe("the gate on the minibatch", () => {
  it.effect("turns away what is no better where the criticism came from, or is worse", () =>
    Effect.gen(function* () {
      const same = [
        [0, 1],
        [1, 0]
      ] as const
      assert.deepStrictEqual(yield* gated(same), { kept: false, why: "minibatch 0.500 -> 0.500", ran: 2 })
      assert.isTrue((yield* gated(same, "notWorse")).kept)
      assert.isFalse((yield* gated([[1, 0]], "notWorse")).kept)
      assert.isTrue((yield* gated([[0, 1]])).kept)
    })
  )

  it.effect("compares where the provider gave an answer: an outage is no fault of the proposal's", () =>
    Effect.gen(function* () {
      const better = [
        [1, lost],
        [1, lost],
        [0, 0],
        [0, 1]
      ] as const
      assert.isTrue((yield* gated(better)).kept)
      assert.isFalse((yield* gated([...better.slice(0, 3), [1, 0]], "notWorse")).kept)
      assert.isTrue((yield* gated([[0, lost]])).kept, "of none, nothing can be said")
    })
  )

  it.effect("counts replies that cannot be used as wrong, and runs nothing that was not known before", () =>
    Effect.gen(function* () {
      const failed = [
        [0, 1],
        [1, withheld],
        [withheld, 1]
      ] as const
      assert.deepStrictEqual(yield* gated(failed), { kept: false, why: "minibatch 0.500 -> 0.500", ran: 2 })
    })
  )
})
