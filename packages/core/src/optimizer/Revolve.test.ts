import { Laws, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ending, eventsOf } from "../../fixture/runs.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Message from "../model/Message.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Trainer from "../training/Trainer.ts"
import { Optimizer } from "./Optimizer.ts"
import * as Revolve from "./Revolve.ts"

describe("the editor that sees how a text evolved", () => {
  it.effect("keeps the laws of optimizers", () => Laws.optimizer(Revolve.layer(), { runs: 40 }))

  it.effect("is shown every version with what was said of it, and told to go on gradually", () =>
    Effect.gen(function* () {
      let current = Parameters.make({ text: Parameter.text("v0", { role: "instructions" }) })
      for (let step = 1; step <= 6; step++) {
        const said = [Feedback.make(`said ${step}`, { from: "check" })]
        current = yield* Optimizer.step(current, GradientMap.make(new Map([[current.text, said]])))
      }
      const requests = yield* (yield* ScriptedModel).requests
      const prompt = Message.text(requests.at(-1)!.messages.at(-1)!)
      assert.include(prompt, "change a little at a time")
      for (let version = 0; version < 5; version++) {
        assert.match(prompt, new RegExp(`<earlier-\\w+>\nv${version}\n`))
        assert.match(prompt, new RegExp(`<feedback-\\w+>\nsaid ${version + 1}\n`))
      }
    }).pipe(
      Effect.provide(Revolve.layer()),
      Effect.provide(ScriptedModel.layer([1, 2, 3, 4, 5, 6].map((n) => ({ value: `v${n}`, changed: "" }))))
    )
  )

  it.effect("teaches the student", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(StudentModel.task()))
      assert.strictEqual(ending(events).stopped, "target")
    }).pipe(
      Effect.provide(Layer.mergeAll(Revolve.layer(), ValidationGate.layer())),
      Effect.provide(StudentModel.layer())
    )
  )
})
