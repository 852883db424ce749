import { ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Stream } from "effect"
import { ending, eventsOf, meddled, of } from "../../fixture/runs.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Loss from "../loss/Loss.ts"
import * as Errors from "../model/TextModelError.ts"
import * as Combine from "../operation/Combine.ts"
import * as Operation from "../operation/Operation.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Models from "../policy/Models.ts"
import * as Latest from "../selector/Latest.ts"
import * as Pareto from "../selector/Pareto.ts"
import { Selector } from "../selector/Selector.ts"
import * as TopK from "../selector/TopK.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "./Trainer.ts"

const tgd = TextualGradientDescent.layer()
const gate = Layer.mergeAll(tgd, ValidationGate.layer())
const latest = Layer.mergeAll(tgd, Latest.layer)
const student = StudentModel.task()

describe("a run ends", () => {
  it.effect("at its last step", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(student, { steps: 2 }))
      assert.deepStrictEqual([ending(events).stopped, ending(events).step], ["steps", 2])
    }).pipe(Effect.provide(latest), Effect.provide(StudentModel.layer()))
  )

  it.effect("without any, with the seed", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(student, { steps: 0 }))
      const { candidate, parameters, stopped } = ending(events)
      assert.deepStrictEqual([stopped, candidate, parameters], ["steps", 0, Parameters.save(student.parameters)])
      assert.strictEqual(of(events, "StepStarted").length, 0)
    }).pipe(Effect.provide(gate), Effect.provide(StudentModel.layer()))
  )

  it.effect("when the validation score reaches the target, also at the last step, and not before", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(student))
      const { candidate, step, stopped } = ending(events)
      assert.strictEqual(stopped, "target")
      const means = new Map(of(events, "Evaluated").map((event) => [event.candidate, event.summary.mean]))
      assert.strictEqual(means.get(candidate), 1)
      for (const [id, mean] of means) if (id !== candidate) assert.isBelow(mean, 1)
      const short = yield* eventsOf(Trainer.fit(student, { steps: step }))
      assert.strictEqual(ending(short.events).stopped, "target")
      const low = yield* eventsOf(Trainer.fit(student, { target: 0.3 }))
      assert.strictEqual(ending(low.events).stopped, "target")
      assert.isBelow(ending(low.events).step, step)
    }).pipe(Effect.provide(gate), Effect.provide(StudentModel.layer()))
  )

  it.effect("before its first step where the seed is at the target: one evaluation and no more", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(student, { target: 0 }))
      assert.deepStrictEqual([ending(events).stopped, ending(events).step, ending(events).candidate], ["target", 0, 0])
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), student.validation.length)
    }).pipe(Effect.provide(gate), Effect.provide(StudentModel.layer()))
  )

  it.effect("not by the score where a cost counts for the selector, unless a target was asked for", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "right from the start",
        parameters: Parameters.make({ text: Parameter.text("yes, yes", { role: "text" }) }),
        forward: (p, _: string) => Effect.succeed(p.text),
        metric: () => ({ score: 1, feedback: "" }),
        train: ["a"],
        validation: ["a"]
      })
      const shorter = Layer.succeed(Optimizer, {
        differentiates: false,
        propose: () => Effect.succeed({ values: new Map([["text", "yes"]]), reasons: new Map() })
      })
      const ended = (selector: Layer.Layer<Selector>, options: Partial<Trainer.Options> = {}) =>
        eventsOf(Trainer.fit(task, { steps: 2, ...options })).pipe(
          Effect.provide([shorter, selector], { local: true }),
          Effect.map(({ events }) => [ending(events).stopped, ending(events).candidate])
        )
      const objectives = { score: 1, length: 0.5 }
      for (const layer of [ValidationGate.layer, Pareto.layer, TopK.layer]) {
        assert.deepStrictEqual(yield* ended(layer({ objectives })), ["steps", 1])
        assert.deepStrictEqual(yield* ended(layer({ objectives }), { target: 1 }), ["target", 0])
        assert.deepStrictEqual(yield* ended(layer({ objectives: { score: 2 } })), ["target", 0])
      }
    })
  )

  it.effect("after so many steps without a candidate that was accepted", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(student, { patience: 3 }))
      assert.deepStrictEqual([ending(events).stopped, ending(events).step], ["patience", 3])
      const skipped = of(events, "StepSkipped")
      assert.deepStrictEqual(
        skipped.map(({ reason }) => reason),
        Array(3).fill("the proposal changes nothing")
      )
    }).pipe(Effect.provide(gate), Effect.provide(StudentModel.layer({ stubborn: true })))
  )

  it.effect("and patience begins anew with each candidate that is accepted", () =>
    Effect.gen(function* () {
      // each example has a rule of its own, so no step is without criticism; editor calls 1, 2, 4 and 5 are of no use
      const task = StudentModel.task({ rules: 12 })
      const { events } = yield* eventsOf(Trainer.fit(task, { patience: 3, batchSize: 1, steps: 6, target: 2 }))
      assert.deepStrictEqual(
        of(events, "StepSkipped").map(({ step }) => step),
        [1, 2, 4, 5]
      )
      assert.deepStrictEqual([ending(events).stopped, ending(events).step], ["steps", 6])
    }).pipe(
      Effect.provide(gate),
      Effect.provide(
        meddled(({ purpose }, call) =>
          purpose === "optimizer" && call % 3 !== 0
            ? Effect.fail(new Errors.EmptyReply({ message: "nothing" }))
            : undefined
        )
      )
    )
  )

  it.effect("when the budget is used up, with the best so far, wherever that happens", () =>
    Effect.gen(function* () {
      const whole = yield* eventsOf(Trainer.fit(student)).pipe(
        Effect.provide(gate, { local: true }),
        Effect.provide(Models.layer({ forward: StudentModel.layer() }), { local: true })
      )
      const needed = ending(whole.events).usage.calls
      for (let calls = 0; calls < needed; calls++) {
        const { error, events } = yield* eventsOf(Trainer.fit(student)).pipe(
          Effect.provide(gate, { local: true }),
          Effect.provide(Models.layer({ forward: StudentModel.layer(), budget: { calls } }), { local: true })
        )
        assert.isUndefined(error)
        const { candidate, parameters, stopped, usage } = ending(events)
        assert.strictEqual(stopped, "budget")
        assert.isAtMost(usage.calls, calls)
        const kept = of(events, "Checkpointed").at(-1)
        assert.deepStrictEqual(
          [candidate, parameters],
          [kept?.candidate ?? 0, kept?.parameters ?? Parameters.save(student.parameters)]
        )
      }
    })
  )
})

describe("a run without what it needs", () => {
  const empty = (sets: Partial<typeof student>) => ({ ...student, ...sets })

  it.effect("has no training examples, or none to validate on where the selector wants them", () =>
    Effect.gen(function* () {
      const noTrain = yield* eventsOf(Trainer.fit(empty({ train: [] }))).pipe(Effect.provide(latest, { local: true }))
      assert.instanceOf(noTrain.error, Evaluation.EmptyDataset)
      assert.deepStrictEqual(noTrain.events, [])
      const noValidation = yield* eventsOf(Trainer.fit(empty({ validation: [] }))).pipe(Effect.provide(gate))
      assert.instanceOf(noValidation.error, Evaluation.EmptyDataset)
      const without = yield* eventsOf(Trainer.fit(empty({ validation: [] }), { steps: 1 })).pipe(Effect.provide(latest))
      assert.strictEqual(ending(without.events).candidate, 1)
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})

describe("a step", () => {
  it.effect("on examples that are all right asks neither critic nor editor", () =>
    Effect.gen(function* () {
      const task = { ...student, parameters: yield* Trainer.fit(student).pipe(Trainer.result(student)) }
      const model = yield* ScriptedModel
      const before = [yield* model.calls("backward"), yield* model.calls("optimizer")]
      const { events } = yield* eventsOf(Trainer.fit(task, { steps: 2, target: 2 }))
      assert.deepStrictEqual([yield* model.calls("backward"), yield* model.calls("optimizer")], before)
      const reasons = of(events, "StepSkipped").map(({ reason }) => reason)
      assert.deepStrictEqual(reasons, Array(2).fill("nothing to improve on this minibatch"))
    }).pipe(Effect.provide(gate), Effect.provide(StudentModel.layer()))
  )

  it.effect("needs no model where the task needs none", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "numbers",
        parameters: Parameters.make({ n: Parameter.schema(Schema.Int, 0, { role: "a number" }) }),
        forward: (p, by: number) =>
          Operation.make({
            name: "Add",
            role: "sum",
            forward: (n: number) => Effect.succeed([n + by, undefined] as const),
            backward: (_, feedback) => Effect.succeed([feedback] as const)
          })(p.n),
        metric: (sum, by) => ({ score: sum >= 3 + by ? 1 : 0, feedback: "more" }),
        train: [1, 2],
        validation: [3]
      })
      const more = Layer.succeed(Optimizer, {
        propose: ({ entries }) =>
          Effect.succeed({
            values: new Map(entries.map(({ name, variable }) => [name, (variable.value as number) + 1])),
            reasons: new Map()
          })
      })
      const learned = yield* Trainer.fit(task).pipe(
        Trainer.result(task),
        Effect.provide([more, ValidationGate.layer()])
      )
      assert.strictEqual(learned.n.value, 3)
    })
  )

  it.effect("is differentiated by the loss and measured by the metric, where there are both", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "both",
        parameters: Parameters.make({ text: Parameter.text("x", { role: "text" }) }),
        forward: (p, _: string) => Effect.succeed(p.text),
        metric: () => ({ score: 0.25, feedback: "of the metric" }),
        loss: (output) => Loss.text("Is it good?")(output),
        train: ["a"]
      })
      const { events } = yield* eventsOf(Trainer.fit(task, { steps: 1 }))
      assert.deepInclude(of(events, "ExampleEvaluated")[0]?.result, { score: 0.25, feedback: "of the metric" })
      assert.deepStrictEqual(
        of(events, "FeedbackGiven")[0]?.feedback.map(({ text }) => text),
        ["of the judge"]
      )
    }).pipe(
      Effect.provide(latest),
      Effect.provide(ScriptedModel.layer({ judge: ["of the judge"], optimizer: [{ value: "y", changed: "" }] }))
    )
  )

  it.effect("tells the optimizer of every version tried so far, with its score where it has one", () =>
    Effect.gen(function* () {
      const shown: Array<ReadonlyArray<readonly [unknown, number | undefined]>> = []
      const counting = Layer.succeed(Optimizer, {
        propose: ({ earlier }) =>
          Effect.sync(() => {
            shown.push((earlier.get("n") ?? []).map(({ score, value }) => [value, score] as const))
            return { values: new Map([["n", shown.length]]), reasons: new Map() }
          })
      })
      const task = Task.make({
        name: "numbers",
        parameters: Parameters.make({ n: Parameter.schema(Schema.Int, 0, { role: "a number" }) }),
        forward: (p, _: number) => Effect.succeed(p.n),
        // 2 is worse than 1: it is rejected, and known all the same
        metric: (n) => [0, 0.5, 0.25, 0.75][n]!,
        train: [0],
        validation: [0]
      })
      const run = (selector: Layer.Layer<Selector>) =>
        Stream.runDrain(Trainer.fit(task, { steps: 3 })).pipe(Effect.provide([counting, selector], { local: true }))
      yield* run(ValidationGate.layer())
      assert.deepStrictEqual(shown.splice(0), [
        [[0, 0]],
        [
          [0, 0],
          [1, 0.5]
        ],
        [
          [0, 0],
          [1, 0.5],
          [2, 0.25]
        ]
      ])
      yield* run(Latest.layer)
      assert.deepStrictEqual(shown.at(-1), [
        [0, undefined],
        [1, undefined],
        [2, undefined]
      ])
    })
  )

  it.effect("tells it of no version of a parameter that stayed as it was", () =>
    Effect.gen(function* () {
      const shown: Array<ReadonlyArray<unknown>> = []
      const careful = Layer.succeed(Optimizer, {
        propose: ({ earlier, parameters, step }) =>
          Effect.sync(() => {
            shown.push(["n", "still"].map((name) => earlier.get(name)?.map(({ value }) => value)))
            const values = Parameters.entries(parameters).map(({ name, variable }) => [name, variable.value] as const)
            return { values: new Map([...values, ["n", step]]), reasons: new Map() }
          })
      })
      const task = Task.make({
        name: "numbers",
        parameters: Parameters.make({
          n: Parameter.schema(Schema.Int, 0, { role: "a number" }),
          still: Parameter.schema(Schema.Int, 7, { role: "another" })
        }),
        forward: (p, _: number) => Effect.succeed(Combine.sum([p.n, p.still])),
        metric: (sum) => [0.5, 0.25, 0.75, 0.25][sum - 7]!,
        train: [0],
        validation: [0]
      })
      yield* Stream.runDrain(Trainer.fit(task, { steps: 3 })).pipe(Effect.provide([careful, ValidationGate.layer()]))
      assert.deepStrictEqual(shown, [
        [[0], [7]],
        [[0, 1], [7]],
        [[0, 1, 2], [7]]
      ])
    })
  )

  it.effect("extends what the selector selects, and hands out what it calls the best", () =>
    Effect.gen(function* () {
      // keeps all, extends the seed each time, and calls the second oldest the best
      const odd = Layer.succeed(Selector, {
        evaluates: false,
        select: (pool) => Effect.succeed(pool[0]),
        admit: ([first, ...rest], proposed) =>
          Effect.succeed({ accepted: true, reason: "why not", pool: [first, ...rest, proposed] as const }),
        best: (pool) => pool[1] ?? pool[0]
      })
      const { events } = yield* eventsOf(Trainer.fit(student, { steps: 3, batchSize: 2 })).pipe(
        Effect.provide([tgd, odd])
      )
      assert.deepStrictEqual(
        of(events, "Proposed").map(({ candidate, parent }) => [candidate, parent]),
        [
          [1, 0],
          [2, 0],
          [3, 0]
        ]
      )
      const { candidate, parameters } = ending(events)
      assert.deepStrictEqual(
        [candidate, parameters],
        [1, { instructions: of(events, "Proposed")[0]!.changes[0]!.after }]
      )
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})
