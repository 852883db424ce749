import { Laws, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { ending, eventsOf, of } from "../../fixture/runs.ts"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import * as Message from "../model/Message.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Fence from "../prompts/Fence.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Trace from "./Trace.ts"

const task = Task.make({
  name: "two calls",
  parameters: Parameters.make({
    reader: { guide: Parameter.text("Shorten.", { role: "reader's guide", constraints: ["no lists"] }) },
    sorter: Parameter.text("Sort.", { role: "sorter's guide" }),
    settings: Parameter.schema(Schema.Struct({ limit: Schema.Int }), { limit: 3 }, { role: "settings" })
  }),
  forward: (p, { letter }: { letter: string; tray: string }) =>
    Effect.flatMap(
      Generate.text({
        system: p.reader.guide,
        prompt: Variable.constant(letter, "letter"),
        role: "short letter"
      }),
      (short) => Generate.text({ system: p.sorter, prompt: short, role: "tray" })
    ),
  metric: (tray, example) =>
    tray === example.tray ? 1 : { score: 0.25, feedback: `It belongs into ${example.tray}.` },
  train: [
    { letter: "Loud music!", tray: "N4" },
    { letter: "A dog barks.", tray: "D1" }
  ]
})

/** A pipeline that gives every letter to D1, and an optimizer with a script. */
const models = (...replies: ReadonlyArray<Schema.Json>) => {
  let call = 0
  return ScriptedModel.respond((request) =>
    request.purpose === "optimizer"
      ? (replies[call++] ?? {})
      : Message.text(request.messages[0]!).includes("Sort")
        ? "D1"
        : "in short"
  )
}

const fit = (options: Partial<Trace.Options> = {}) =>
  eventsOf(Trainer.fit(task, { steps: 1, batchSize: 2 })).pipe(
    Effect.provide(Layer.mergeAll(Trace.layer(options), Latest.layer), { local: true })
  )

const proposal = (value: Schema.Json) => ({ reasoning: "No rule for noise.", value })

const promptOf = Effect.gen(function* () {
  const requests = (yield* (yield* ScriptedModel).requests).filter(({ purpose }) => purpose === "optimizer")
  return Message.text(requests[0]!.messages.at(-1)!)
})

describe("trace", () => {
  it.effect("keeps the laws of optimizers", () => Laws.optimizer(Trace.layer(), { runs: 60 }))

  it.effect("changes all parameters by one call, without a backward pass; null leaves one as it is", () =>
    Effect.gen(function* () {
      const { events } = yield* fit()
      const [{ changes } = { changes: [] }] = of(events, "Proposed")
      assert.deepStrictEqual(
        changes.map(({ after, parameter, reason }) => [parameter, after, reason]),
        [
          ["sorter", "Sort. Noise: N4.", "No rule for noise."],
          ["settings", { limit: 4 }, "No rule for noise."]
        ]
      )
      const requests = yield* (yield* ScriptedModel).requests
      assert.deepStrictEqual(
        requests.map(({ purpose }) => purpose).filter((purpose) => purpose !== "forward"),
        ["optimizer"]
      )
    }).pipe(
      Effect.provide(models(proposal({ "reader.guide": null, sorter: "Sort. Noise: N4.", settings: { limit: 4 } })))
    )
  )

  it.effect("shows what was tried of each parameter and not kept", () =>
    Effect.gen(function* () {
      yield* eventsOf(Trainer.fit({ ...task, validation: task.train }, { steps: 2, batchSize: 2 })).pipe(
        Effect.provide(Layer.mergeAll(Trace.layer(), ValidationGate.layer({ accept: "strictGain" })))
      )
      const requests = (yield* (yield* ScriptedModel).requests).filter(({ purpose }) => purpose === "optimizer")
      const [first, second] = requests.map(({ messages }) => Message.text(messages.at(-1)!))
      assert.notInclude(first, "not kept")
      const tried = (name: string, value: string) =>
        `A version of ${name}, score 0.63 of 1, not kept: "validation 0.625 -> 0.625"\n${Fence.wrap("tried", value)}`
      assert.include(second, tried("sorter", "Sort. Dogs: D1."))
      assert.include(second, tried("settings", '{\n  "limit": 4\n}'))
      assert.notInclude(second, "A version of reader.guide")
    }).pipe(
      Effect.provide(models(proposal({ "reader.guide": null, sorter: "Sort. Dogs: D1.", settings: { limit: 4 } })))
    )
  )

  it.effect(
    "shows the parameters, then each case line by line with all values, then what was said of the results",
    () =>
      Effect.gen(function* () {
        const { events } = yield* fit()
        const minibatch = of(events, "StepStarted")[0]!.examples
        const prompt = yield* promptOf
        const [wrong, right] = minibatch[0] === 0 ? [1, 2] : [2, 1]
        const parts = [
          `reader.guide, used as "reader's guide" (must be: no lists):\n${Fence.wrap("value", "Shorten.")}`,
          `settings, used as "settings":\n${Fence.wrap("value", '{\n  "limit": 3\n}')}`,
          `Case ${wrong}:\nx1 = given, used as "letter":\n${Fence.wrap("x1", "Loud music!")}\nx2 = Generate(`,
          `x2 = Generate(reader.guide, x1), used as "short letter":\n${Fence.wrap("x2", "in short")}`,
          `x3 = Generate(sorter, x2), used as "tray":\n${Fence.wrap("x3", "D1")}`,
          `Feedback 1 (from "result x3 of case ${wrong}", score 0.25 of 1):\n${Fence.wrap("feedback", "It belongs into N4.")}`
        ]
        for (const part of parts) assert.include(prompt, part)
        assert.include(prompt, `Case ${right}:`)
        assert.notInclude(prompt, "Feedback 2")
      }).pipe(Effect.provide(models(proposal({ "reader.guide": null, sorter: null, settings: null }))))
  )

  it.effect("says where lines and the middles of values are left out, and shows right cases only as many as told", () =>
    Effect.gen(function* () {
      yield* fit({ valueLength: 6, lines: 2, right: 0 })
      const prompt = yield* promptOf
      assert.include(prompt, "[… lines left out: 1 …]\nx2 = ")
      assert.include(prompt, "in \n[… 2 characters left out …]\nort")
      assert.notInclude(prompt, "Case 2")
    }).pipe(Effect.provide(models(proposal({ "reader.guide": null, sorter: null, settings: null }))))
  )

  it.effect("takes nothing that does not fit, but asks once more", () =>
    Effect.gen(function* () {
      const { events } = yield* fit()
      const [{ changes } = { changes: [] }] = of(events, "Proposed")
      assert.deepStrictEqual(
        changes.map(({ after }) => after),
        ["Sort by N4."]
      )
    }).pipe(
      Effect.provide(
        models(
          proposal({ "reader.guide": null, sorter: "...", settings: { limit: "many" } }),
          proposal({ "reader.guide": null, sorter: "Sort by N4.", settings: null })
        )
      )
    )
  )

  it.effect("asks nobody where all of the minibatch came out right", () =>
    Effect.gen(function* () {
      const right = { ...task, train: task.train.slice(1) }
      const { events } = yield* eventsOf(Trainer.fit(right, { steps: 1 })).pipe(
        Effect.provide(Layer.mergeAll(Trace.layer(), Latest.layer))
      )
      assert.strictEqual(of(events, "StepSkipped")[0]?.reason, "nothing to improve on this minibatch")
    }).pipe(Effect.provide(models()))
  )

  it.effect("reads a fenced text where there is one parameter, and a text", () =>
    Effect.gen(function* () {
      const student = StudentModel.task()
      const { events } = yield* eventsOf(Trainer.fit(student, { steps: 1 })).pipe(
        Effect.provide(Layer.mergeAll(Trace.layer(), Latest.layer))
      )
      assert.deepStrictEqual(ending(events).parameters, { instructions: "Answer with R7." })
    }).pipe(
      Effect.provide(
        ScriptedModel.respond(({ purpose }) => (purpose === "optimizer" ? "```\nAnswer with R7.\n```" : "general"))
      )
    )
  )

  it.effect("teaches the student, with not one call of the critic", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(StudentModel.task()))
      assert.strictEqual(ending(events).stopped, "target")
      const requests = yield* (yield* ScriptedModel).requests
      assert.isFalse(requests.some(({ purpose }) => purpose === "backward"))
    }).pipe(Effect.provide(Layer.mergeAll(Trace.layer(), ValidationGate.layer())), Effect.provide(StudentModel.layer()))
  )
})
