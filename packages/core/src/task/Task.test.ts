import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Schema } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import type * as Verdict from "../loss/Verdict.ts"
import * as Errors from "../model/TextModelError.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Example from "./Example.ts"
import * as Task from "./Task.ts"

const parameters = Parameters.make({ text: Parameter.text("start", { role: "text" }) })

class ToolMissing extends Schema.TaggedError<ToolMissing>()("ToolMissing", {}) {
  readonly isFatal = true
}

class Odd extends Schema.TaggedError<Odd>()("Odd", { message: Schema.String }) {}

/** A task whose output is its parameter, and whose examples are what the metric gives. */
const taskOf = (options: { readonly metric?: (output: string, example: Verdict.Scored) => Verdict.Scored } = {}) =>
  Task.make({
    name: "given",
    parameters,
    forward: (p, _: Verdict.Scored) => Effect.succeed(p.text),
    metric: options.metric ?? ((_, example) => example),
    train: []
  })

describe("a task", () => {
  it("has no validation and no test examples unless it is given some", () => {
    const task = taskOf()
    assert.deepStrictEqual([task.train, task.validation, task.test], [[], [], []])
  })

  it.effect("takes a metric that says right or wrong, a number, or a number with feedback; also as an Effect", () =>
    Effect.gen(function* () {
      const plain = taskOf()
      for (const [given, verdict] of [
        [true, { score: 1, feedback: "" }],
        [false, { score: 0, feedback: "" }],
        [0.25, { score: 0.25, feedback: "" }],
        [{ score: 0.5 }, { score: 0.5, feedback: "" }],
        [
          { score: 0.5, feedback: "so-so" },
          { score: 0.5, feedback: "so-so" }
        ]
      ] as const) {
        assert.deepStrictEqual(yield* plain.metric("x", given), verdict)
        const delayed = Task.make({ ...plain, metric: () => Effect.succeed(given), loss: plain.loss })
        assert.deepStrictEqual(yield* delayed.metric("x", true), verdict)
      }
    })
  )

  it.effect("refuses a score that is none", () =>
    Effect.gen(function* () {
      for (const bad of [2, -1, Number.NaN, { score: 7 }]) {
        const task = taskOf()
        assert.strictEqual((yield* Effect.flip(task.metric("x", bad)))._tag, "ScoreInvalid")
        assert.strictEqual((yield* Effect.flip(task.loss(parameters.text, bad)))._tag, "ScoreInvalid")
      }
    })
  )

  it.effect("has its metric as its loss: the feedback, or else the bare score, and nothing where all is well", () =>
    Effect.gen(function* () {
      const task = taskOf()
      for (const [given, said] of [
        [{ score: 0, feedback: "say please" }, ["say please"]],
        [{ score: 0.5 }, ["This got a score of 0.5 of 1."]],
        [false, ["This got a score of 0 of 1."]],
        [true, []],
        [{ score: 1, feedback: "well done" }, []]
      ] as const) {
        const output = yield* task.forward(parameters, given)
        const gradients = yield* Backward.run(yield* task.loss(output, given))
        assert.deepStrictEqual(
          GradientMap.criticism(gradients, parameters.text).map(({ text }) => text),
          [...said]
        )
      }
    })
  )
})

describe("an example", () => {
  it.effect("is a scored result: output as text, score, feedback, and its place", () =>
    Effect.gen(function* () {
      const { error, loss, result } = yield* Example.evaluate(
        taskOf(),
        parameters,
        { score: 0.5, feedback: "so-so" },
        3
      )
      assert.deepStrictEqual(result, { _tag: "Scored", index: 3, output: "start", score: 0.5, feedback: "so-so" })
      assert.deepStrictEqual([error, loss], [undefined, undefined])
    })
  )

  it.effect("shows an output that is no text as JSON", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "object",
        parameters,
        forward: () => Effect.succeed(Variable.constant({ label: "A" }, "label")),
        metric: () => 1,
        train: [0]
      })
      const { result } = yield* Example.evaluate(task, parameters, 0, 0)
      assert.deepStrictEqual(result._tag === "Scored" && JSON.parse(result.output), { label: "A" })
    })
  )

  it.effect("is measured once where the metric is the loss", () =>
    Effect.gen(function* () {
      const measured = yield* Ref.make(0)
      const task = Task.make({
        name: "counted",
        parameters,
        forward: (p, _: number) => Effect.succeed(p.text),
        metric: () =>
          Effect.as(
            Ref.update(measured, (n) => n + 1),
            0.5
          ),
        train: []
      })
      const { loss, result } = yield* Example.differentiable(task, parameters, 0, 0)
      assert.strictEqual(yield* Ref.get(measured), 1)
      assert.isDefined(loss)
      assert.strictEqual(result._tag === "Scored" && result.score, 0.5)
    })
  )

  it.effect("has the score of a loss that gives one, and of the metric where the loss has words only", () =>
    Effect.gen(function* () {
      const scoreBy = (loss: "words" | "verdict") =>
        Example.differentiable(
          Task.make({
            name: "judged",
            parameters,
            forward: (p, _: number) => Effect.succeed(p.text),
            metric: () => 0.125,
            loss: (output) => (loss === "words" ? Loss.text("Good?")(output) : Loss.verdict("Good?")(output)),
            train: []
          }),
          parameters,
          0,
          0
        )
      const words = yield* scoreBy("words")
      assert.deepInclude(words.result, { score: 0.125, feedback: "" })
      const verdict = yield* scoreBy("verdict")
      assert.deepInclude(verdict.result, { score: 0.75, feedback: "nearly" })
    }).pipe(Effect.provide(ScriptedModel.layer({ judge: ["so-so", { score: 0.75, feedback: "nearly" }] })))
  )

  it.effect("that fails is a result without a score, by the name of its failure, whatever kind of failure", () =>
    Effect.gen(function* () {
      for (const [failure, error, message] of [
        [new Odd({ message: "odd" }), "Odd", "odd"],
        [new Errors.EmptyReply({ message: "nothing" }), "EmptyReply", "nothing"],
        [new TypeError("plain"), "Error", "plain"],
        ["words", "Error", "words"]
      ] as const) {
        const task = Task.make({
          name: "failing",
          parameters,
          forward: (p, _: number) => Effect.succeed(p.text),
          metric: () => Effect.fail(failure),
          train: []
        })
        for (const run of [Example.evaluate(task, parameters, 0, 2), Example.differentiable(task, parameters, 0, 2)]) {
          const outcome = yield* run
          assert.deepStrictEqual(outcome.result, { _tag: "Failed", index: 2, error, message })
          assert.strictEqual(outcome.error, failure)
          assert.isUndefined(outcome.loss)
        }
      }
    })
  )

  it.effect("that every other one would fail like is a failure and no result", () =>
    Effect.gen(function* () {
      const failure = new Errors.Unauthorized({ message: "the key is wrong" })
      const task = Task.make({
        name: "refused",
        parameters,
        forward: () => Effect.fail(failure),
        metric: () => 1,
        train: [0]
      })
      assert.strictEqual(yield* Effect.flip(Example.evaluate(task, parameters, 0, 0)), failure)
      assert.strictEqual(yield* Effect.flip(Example.differentiable(task, parameters, 0, 0)), failure)
      const own = Task.make({
        ...task,
        forward: (p, _: number) => Effect.succeed(p.text),
        metric: () => new ToolMissing()
      })
      assert.strictEqual((yield* Effect.flip(Example.evaluate(own, parameters, 0, 0)))._tag, "ToolMissing")
    })
  )

  it.effect.prop("has a result that is plain data", [Example.Result], ([result]) =>
    Effect.gen(function* () {
      const codec = Schema.toCodecJson(Example.Result)
      const text = JSON.stringify(yield* Schema.encodeEffect(codec)(result))
      const read = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(text))
      assert.strictEqual(JSON.stringify(yield* Schema.encodeEffect(codec)(read)), text)
    })
  )
})
