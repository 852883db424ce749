import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Ref, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import type * as Verdict from "../loss/Verdict.ts"
import * as TextModelError from "../model/TextModelError.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Task from "../task/Task.ts"
import * as Evaluation from "./Evaluation.ts"

const parameters = Parameters.make({ instructions: Parameter.text("Echo.", { role: "instructions" }) })

class Odd extends Schema.TaggedError<Odd>()("Odd", { message: Schema.String }) {}

/** A task without a model: `answer` gives the output for an example. */
const taskOf = <Ex, E, R>(
  answer: (example: Ex, instructions: string) => Effect.Effect<number, E, R>,
  metric: (output: number, example: Ex) => Verdict.Scored | Effect.Effect<Verdict.Scored, E, R> = (output) => output
) =>
  Task.make({
    name: "numbers",
    parameters,
    forward: (p, example: Ex) =>
      Effect.map(answer(example, p.instructions.value), (value) => Variable.constant(value, "output")),
    metric,
    train: []
  })

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

describe("an evaluation", () => {
  it.effect("gives the results in the order of the examples, told of as they come, so many at once and no more", () =>
    Effect.gen(function* () {
      let running = 0
      let most = 0
      const task = taskOf((example: number) =>
        Effect.sync(() => {
          most = Math.max(most, ++running)
        }).pipe(
          Effect.andThen(Effect.sleep(example < 4 ? 100 - 10 * example : 400 - 50 * example)),
          Effect.andThen(
            Effect.sync(() => {
              running--
              return example / 10
            })
          )
        )
      )
      const told = yield* Ref.make<ReadonlyArray<number>>([])
      const report = yield* Effect.forkChild(
        Evaluation.run(task, parameters, range(8), {
          concurrency: 4,
          onResult: ({ index }) => Ref.update(told, (all) => [...all, index])
        })
      )
      yield* TestClock.adjust("1 second")
      const { errors, interval, results } = yield* Fiber.join(report)
      assert.strictEqual(most, 4)
      assert.deepStrictEqual(
        results.map((result) => [result._tag, result.index, result._tag === "Scored" ? result.score : undefined]),
        range(8).map((i) => ["Scored" as const, i, i / 10])
      )
      assert.deepStrictEqual(yield* Ref.get(told), range(8))
      assert.strictEqual(errors, 0)
      assert.closeTo(interval!.mean, 0.35, 1e-12)
    })
  )

  it.effect("runs sixteen at once unless told otherwise", () =>
    Effect.gen(function* () {
      let running = 0
      const task = taskOf(() =>
        Effect.andThen(
          Effect.sync(() => running++),
          Effect.never
        )
      )
      const fiber = yield* Effect.forkChild(Evaluation.run(task, parameters, range(40)))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(running, 16)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("uses the parameters it is given, not those of the task", () =>
    Effect.gen(function* () {
      const task = taskOf((_: string, instructions) => Effect.succeed(instructions === "Better." ? 1 : 0))
      const better = Parameters.replace(parameters, new Map([["instructions", "Better."]]))
      assert.strictEqual((yield* Evaluation.run(task, better, ["x"])).interval?.mean, 1)
      assert.strictEqual((yield* Evaluation.run(task, parameters, ["x"])).interval?.mean, 0)
    })
  )

  it.effect("keeps output, score and feedback of each example", () =>
    Effect.gen(function* () {
      const task = taskOf(
        (example: number) => Effect.succeed(example),
        (output) => ({ score: output / 2, ...(output === 0 ? {} : { feedback: `it is ${output}` }) })
      )
      const { results } = yield* Evaluation.run(task, parameters, [0, 1])
      assert.deepStrictEqual(results, [
        { _tag: "Scored", index: 0, output: "0", score: 0, feedback: "" },
        { _tag: "Scored", index: 1, output: "1", score: 0.5, feedback: "it is 1" }
      ])
    })
  )

  it.effect("keeps what failed apart from what is wrong: it has no score and is not in the mean", () =>
    Effect.gen(function* () {
      const task = taskOf((example: number) =>
        example % 3 === 0 ? Effect.fail(new Odd({ message: `no ${example}` })) : Effect.succeed(example % 2)
      )
      const told: Array<string> = []
      const report = yield* Evaluation.run(task, parameters, range(7), {
        onResult: ({ _tag }) => Effect.sync(() => told.push(_tag))
      })
      assert.strictEqual(report.errors, 3)
      assert.deepStrictEqual([report.interval?.n, report.interval?.mean, report.interval?.method], [4, 0.5, "wilson"])
      assert.deepStrictEqual(Evaluation.scores(report), [null, 1, 0, null, 0, 1, null])
      assert.deepStrictEqual(report.results[3], { _tag: "Failed", index: 3, error: "Odd", message: "no 3" })
      assert.deepStrictEqual(told.filter((tag) => tag === "Failed").length, 3)
      assert.strictEqual(told.length, 7)
    })
  )

  it.effect("counts a score that is none as a failure of its example", () =>
    Effect.gen(function* () {
      for (const bad of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY]) {
        const task = taskOf((example: number) => Effect.succeed(example === 1 ? bad : 1))
        const report = yield* Evaluation.run(task, parameters, range(2))
        assert.deepStrictEqual(Evaluation.scores(report), [1, null])
        const failed = report.results[1]!
        assert.strictEqual(failed._tag === "Failed" && failed.error, "ScoreInvalid")
        const all = yield* Effect.flip(Evaluation.run(task, parameters, [1, 1]))
        assert.strictEqual(all._tag, "ScoreInvalid")
      }
    })
  )

  it.effect("of examples that all failed is a failure, the first one's, and never a score of 0", () =>
    Effect.gen(function* () {
      const task = taskOf((example: number) => Effect.fail(new Odd({ message: `no ${example}` })))
      const error = yield* Effect.flip(Evaluation.run(task, parameters, range(5)))
      assert.deepStrictEqual([error._tag, error.message], ["Odd", "no 0"])
    })
  )

  it.effect("of no examples is a failure that names the task", () =>
    Effect.gen(function* () {
      const task = taskOf(() => Effect.succeed(1))
      const error = yield* Effect.flip(Evaluation.run(task, parameters, []))
      assert.strictEqual(error._tag, "EmptyDataset")
      assert.include(error.message, `"numbers"`)
    })
  )

  it.effect("does not turn a defect of the task into a result", () =>
    Effect.gen(function* () {
      const task = taskOf((example: number) => (example === 1 ? Effect.die("a bug") : Effect.succeed(1)))
      const exit = yield* Effect.exit(Evaluation.run(task, parameters, range(3)))
      assert.isTrue(exit._tag === "Failure" && exit.cause.reasons.some((reason) => reason._tag === "Die"))
    })
  )
})

describe("a failure that every example would meet", () => {
  const fatal = [
    new TextModelError.Unauthorized({ message: "the key is wrong" }),
    new TextModelError.BudgetExceeded({ of: "calls", message: "used up", limit: 3, spent: 3 }),
    new TextModelError.QuotaExhausted({ message: "no credit" }),
    new TextModelError.ModelUnknown({ message: "no such model" })
  ]
  const passing = [
    new TextModelError.RateLimited({ message: "slow down" }),
    new TextModelError.ContextTooLong({ message: "too long" }),
    new TextModelError.ContentFiltered({ message: "withheld" }),
    new TextModelError.EmptyReply({ message: "nothing" }),
    new TextModelError.ReplyCut({ message: "cut", text: "ha" }),
    new TextModelError.ReplyUnreadable({ message: "unreadable", text: "?" }),
    new TextModelError.ReplyTooLarge({ message: "too large" }),
    new TextModelError.ProviderUnavailable({ message: "away" }),
    new TextModelError.TimedOut({ message: "late", afterMs: 1 }),
    new TextModelError.InvalidRequest({ message: "malformed" })
  ]

  for (const error of fatal) {
    it.effect(`${error._tag} ends the evaluation: no further example is begun, those under way are interrupted`, () =>
      Effect.gen(function* () {
        let begun = 0
        let interrupted = 0
        const task = taskOf((example: number) => {
          begun++
          return example === 1
            ? Effect.fail(error)
            : Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++))
        })
        const result = yield* Effect.flip(Evaluation.run(task, parameters, range(50), { concurrency: 3 }))
        assert.strictEqual(result, error)
        assert.isAtMost(begun, 3)
        assert.strictEqual(interrupted, begun - 1)
      })
    )
  }

  for (const error of passing) {
    it.effect(`${error._tag} is none: it is the result of one example`, () =>
      Effect.gen(function* () {
        const task = taskOf((example: number) => (example === 1 ? Effect.fail(error) : Effect.succeed(1)))
        const report = yield* Evaluation.run(task, parameters, range(3))
        assert.deepStrictEqual(Evaluation.scores(report), [1, null, 1])
        const failed = report.results[1]!
        assert.deepStrictEqual(failed, { _tag: "Failed", index: 1, error: error._tag, message: error.message })
        assert.strictEqual(yield* Effect.flip(Evaluation.run(task, parameters, [1])), error)
      })
    )
  }
})

describe("an evaluation over a model", () => {
  it.effect("fails an example whose reply is unreadable also after its repair, and no other", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "numbers",
        parameters,
        forward: (p, example: number) =>
          Generate.object({
            system: p.instructions,
            prompt: `number ${example}`,
            schema: Schema.Struct({ number: Schema.Int }),
            role: "number"
          }),
        metric: ({ number }, example) => number === example,
        train: []
      })
      const report = yield* Evaluation.run(task, parameters, range(3), { concurrency: 1 })
      assert.deepStrictEqual(Evaluation.scores(report), [1, null, 0])
      const model = yield* ScriptedModel
      assert.strictEqual(yield* model.calls("forward"), 4)
    }).pipe(Effect.provide(ScriptedModel.layer([{ number: 0 }, "what?", "no number", { number: 7 }])))
  )
})
