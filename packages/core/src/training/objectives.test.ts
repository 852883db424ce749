import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf } from "../../fixture/runs.ts"
import type { Weights } from "../candidate/Objectives.ts"
import * as Message from "../model/Message.ts"
import type { Models } from "../model/TextModel.ts"
import * as Opro from "../optimizer/Opro.ts"
import type { Optimizer } from "../optimizer/Optimizer.ts"
import * as Reflection from "../optimizer/Reflection.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Trace from "../optimizer/Trace.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Beam from "../selector/Beam.ts"
import * as Latest from "../selector/Latest.ts"
import * as Pareto from "../selector/Pareto.ts"
import type { Selector } from "../selector/Selector.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "./Trainer.ts"

const task = Task.make({
  name: "always wrong",
  parameters: Parameters.make({ p: Parameter.text("Answer.", { role: "instructions", constraints: ["no lists"] }) }),
  forward: (p, _: string) => Effect.succeed(p.p),
  metric: () => ({ score: 0, feedback: "no" }),
  train: ["a"],
  validation: ["b"]
})

/** What the editor is told in a step. */
const told = Effect.fnUntraced(
  function* (optimizer: Layer.Layer<Optimizer, never, Models>, selector: Layer.Layer<Selector>) {
    yield* eventsOf(Trainer.fit(task, { steps: 1 })).pipe(
      Effect.provide(Layer.merge(optimizer, selector), { local: true })
    )
    const [request] = yield* (yield* ScriptedModel).requests
    return Message.text(request!.messages.at(-1)!)
  },
  (effect) => Effect.provide(effect, ScriptedModel.respond(Replies.edit("Better.")), { local: true })
)

const shorter = "the shorter is kept"
const fewer = "takes fewer tokens is kept"
const optimizers = [TextualGradientDescent.layer(), Reflection.layer(), Trace.layer(), Opro.layer()]

describe("whoever writes a text is told what counts beside its score", () => {
  it.effect("whichever optimizer asks, beside the constraints of the parameter", () =>
    Effect.gen(function* () {
      for (const optimizer of optimizers) {
        const prompt = yield* told(optimizer, ValidationGate.layer({ objectives: { score: 1, length: 0.02 } }))
        for (const wish of ["no lists", shorter]) assert.include(prompt, wish)
        for (const selector of [ValidationGate.layer(), Latest.layer]) {
          const plain = yield* told(optimizer, selector)
          for (const wish of [shorter, fewer]) assert.notInclude(plain, wish)
        }
      }
    })
  )

  it.effect("whichever selector weighs it, as far as it has a weight", () =>
    Effect.gen(function* () {
      const tokens: Weights = { score: 1, length: 0, tokens: 0.05 }
      for (const [selector, wish] of [
        [Beam.layer({ objectives: tokens }), fewer],
        [Beam.layer({ objectives: { length: 0.1 } }), shorter],
        [Beam.layer({ objectives: { length: 0 } }), undefined],
        [Pareto.layer({ by: "both", objectives: { score: 1, length: 0.02 } }), shorter],
        [Pareto.layer({ by: "objective", objectives: { score: 1, cost: 0.05 } }), fewer],
        [Pareto.layer(), undefined]
      ] as const) {
        const prompt = yield* told(TextualGradientDescent.layer(), selector)
        assert.deepStrictEqual(
          [shorter, fewer].filter((one) => prompt.includes(one)),
          wish === undefined ? [] : [wish]
        )
      }
    })
  )
})
