import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import * as Generate from "../generate/Generate.ts"
import * as Message from "../model/Message.ts"
import { EmptyReply } from "../model/TextModelError.ts"
import * as Optimizer from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Evaluation from "./Evaluation.ts"

const task = Task.make({
  name: "echo",
  parameters: Parameters.make({ prompt: Parameter.text("Say it.", { role: "prompt" }) }),
  forward: (p, example: string) => Generate.text({ system: p.prompt, prompt: example, role: "answer" }),
  metric: (answer) => ({ score: Number(answer), feedback: `worth ${answer}` }),
  train: ["x"],
  validation: ["a", "b"]
})

/** Right at the first try, half at the second, wrong after; by the sample alone. */
const fading = ScriptedModel.respond(({ sample }) => ["1", "0.5", "0"][sample] ?? "0")

describe("an example that is tried several times", () => {
  it.effect("has the mean score, the first output, and the feedback of the worst try", () =>
    Effect.gen(function* () {
      const { results } = yield* Evaluation.run(task, task.parameters, ["a"], { repeat: { times: 3 } })
      assert.deepStrictEqual(results, [{ _tag: "Scored", index: 0, output: "1", score: 0.5, feedback: "worth 0" }])
    }).pipe(Effect.provide(fading))
  )

  it.effect("asks for samples of their own, at the temperature asked for", () =>
    Effect.gen(function* () {
      yield* Evaluation.run(task, task.parameters, ["a", "b"], { repeat: { times: 2, temperature: 0.7 } })
      const asked = yield* Effect.flatMap(ScriptedModel, ({ requests }) => requests)
      assert.deepStrictEqual(
        asked.map(({ messages, sample, sampling }) => [Message.text(messages.at(-1)!), sample, sampling]).sort(),
        [
          ["a", 0, { temperature: 0.7 }],
          ["a", 1, { temperature: 0.7 }],
          ["b", 0, { temperature: 0.7 }],
          ["b", 1, { temperature: 0.7 }]
        ]
      )
    }).pipe(Effect.provide(fading))
  )

  it.effect("is asked once, as the task asks, where nothing is said", () =>
    Effect.gen(function* () {
      yield* Evaluation.run(task, task.parameters, ["a"])
      const asked = yield* Effect.flatMap(ScriptedModel, ({ requests }) => requests)
      assert.deepStrictEqual(
        asked.map(({ sample, sampling }) => [sample, sampling]),
        [[0, undefined]]
      )
    }).pipe(Effect.provide(fading))
  )

  it.effect("leaves out a try that failed, and fails where all of them did", () =>
    Effect.gen(function* () {
      const { errors, results } = yield* Evaluation.run(task, task.parameters, ["a", "b"], { repeat: { times: 2 } })
      assert.strictEqual(errors, 1)
      assert.deepInclude(results[0], { _tag: "Scored", score: 1 })
      assert.deepInclude(results[1], { _tag: "Failed", error: "EmptyReply" })
    }).pipe(
      Effect.provide(
        ScriptedModel.respond(({ messages, sample }) =>
          Message.text(messages.at(-1)!) === "a" && sample === 0 ? "1" : new EmptyReply({ message: "nothing" })
        )
      )
    )
  )

  it.effect("counts so in the validations of a run", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(task, { steps: 0, repeat: { times: 2 } }))
      const [evaluated] = of(events, "Evaluated")
      assert.strictEqual(evaluated?.summary.mean, 0.75)
    }).pipe(Effect.provide([Optimizer.layer(), ValidationGate.layer()]), Effect.provide(fading))
  )
})
