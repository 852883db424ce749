import { ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "./Trainer.ts"

const [known, unknown] = StudentModel.task({ rules: 2 }).train

/** Judged in words, which always find something; scored by a metric. Of two examples the student knows one. */
const task = (examples: ReadonlyArray<StudentModel.Example>) =>
  Task.make({
    name: "in words",
    parameters: Parameters.make({
      p: Parameter.text(`Messages about [${known!.topic}] are answered with [${known!.answer}].`, {
        role: "instructions"
      })
    }),
    forward: ({ p }, { message }: StudentModel.Example) =>
      Generate.text({ system: p, prompt: Variable.constant(message, "message"), role: "answer" }),
    metric: (answer, example) => (answer === example.answer ? 1 : 0),
    loss: (answer) => Loss.text("Is it right?")(answer),
    train: examples
  })

describe("errors only", () => {
  const run = Effect.fnUntraced(
    function* (examples: ReadonlyArray<StudentModel.Example>, errorsOnly: boolean) {
      const { events } = yield* eventsOf(Trainer.fit(task(examples), { steps: 1, batchSize: 2, errorsOnly }))
      const requests = yield* (yield* ScriptedModel).requests
      return { events, critic: requests.filter(({ purpose }) => purpose === "backward").length }
    },
    Effect.provide(Layer.mergeAll(TextualGradientDescent.layer(), Latest.layer)),
    (effect) => Effect.provide(effect, StudentModel.layer())
  )

  it.effect("the critic is asked about examples below a perfect score, else about all", () =>
    Effect.gen(function* () {
      assert.notStrictEqual(known!.topic, unknown!.topic)
      const both = [known!, unknown!]
      assert.strictEqual((yield* run(both, false)).critic, 2)
      assert.strictEqual((yield* run(both, true)).critic, 1)
    })
  )

  it.effect("a minibatch without errors asks nobody and says that nothing is left to improve", () =>
    Effect.gen(function* () {
      const { critic, events } = yield* run([known!, known!], true)
      assert.strictEqual(critic, 0)
      assert.strictEqual(of(events, "StepSkipped")[0]?.reason, "nothing to improve on this minibatch")
    })
  )
})
