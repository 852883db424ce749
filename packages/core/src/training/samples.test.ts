import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import type { Models } from "../model/TextModel.ts"
import * as Mipro from "../optimizer/mipro/Mipro.ts"
import * as Opro from "../optimizer/Opro.ts"
import type { Optimizer } from "../optimizer/Optimizer.ts"
import * as ProTeGi from "../optimizer/ProTeGi.ts"
import * as Reflection from "../optimizer/Reflection.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Trace from "../optimizer/Trace.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "./Trainer.ts"

const task = Task.make({
  name: "always wrong",
  parameters: Parameters.make({ p: Parameter.text("Answer.", { role: "instructions" }) }),
  forward: (p, _: string) => Effect.succeed(p.p),
  metric: () => ({ score: 0, feedback: "no" }),
  train: ["a", "b", "c", "d"]
})

const sampling = { sampling: { temperature: 0.3 } }
const optimizers: ReadonlyArray<
  readonly [string, (options: Partial<typeof sampling>) => Layer.Layer<Optimizer, never, Models>]
> = [
  ["textual gradient descent", TextualGradientDescent.layer],
  ["reflection", Reflection.layer],
  ["trace", Trace.layer],
  ["optimisation by scores", Opro.layer],
  ["edits and paraphrases", ProTeGi.layer],
  ["joint search", Mipro.layer]
]

describe("several proposals from one model that always says what is most likely", () => {
  for (const [name, layer] of optimizers) {
    it.effect(`are several texts, the first as ever, drawn as they are told to be: ${name}`, () =>
      Effect.gen(function* () {
        for (const [options, first, others] of [
          [{}, undefined, 1],
          [sampling, 0.3, 0.3]
        ] as const) {
          const temperatures: Array<number | undefined> = []
          const model = ScriptedModel.respond(({ output, sample, sampling }) => {
            if (output === undefined) return "A summary."
            temperatures.push(sampling?.temperature)
            const value =
              (sampling?.temperature ?? 0) === 0 ? "The likeliest." : `Draw ${sample}.${temperatures.length}`
            return output.name === "proposal" ? { reasoning: "so", value: { p: value } } : { value, changed: "it" }
          })
          const { events } = yield* eventsOf(Trainer.fit(task, { steps: 1, proposals: 4 })).pipe(
            Effect.provide(Layer.merge(layer(options), Latest.layer), { local: true }),
            Effect.provide(model, { local: true })
          )
          assert.strictEqual(of(events, "Proposed").length, 4)
          assert.deepStrictEqual(of(events, "ProposalDropped"), [])
          assert.deepStrictEqual(temperatures.slice(1), [others, others, others])
          assert.strictEqual(temperatures[0], first)
        }
      })
    )
  }
})
