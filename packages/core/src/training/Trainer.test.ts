import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Hash, Layer, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { changed } from "../../fixture/runs.ts"
import * as Component from "../component/Component.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Generate from "../generate/Generate.ts"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Template from "../operation/Template.ts"
import * as Momentum from "../optimizer/Momentum.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Models from "../policy/Models.ts"
import { UsageMeter } from "../policy/UsageMeter.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import type { Event } from "./Event.ts"
import * as Trainer from "./Trainer.ts"

const tgd = TextualGradientDescent.layer()
const optimizers = [tgd, Momentum.layer().pipe(Layer.provide(tgd))] as const
const selectors = [Latest.layer, ValidationGate.layer(), ValidationGate.layer({ accept: "strictGain" })] as const

/** The student, at a pace that depends on what it is asked. */
const slow = (model: Service): Service => ({
  complete: (request) => Effect.delay(model.complete(request), Math.abs(Hash.string(Request.key(request))) % 100)
})

const testScore = <P extends Parameters.Any, Ex, Out, E, R>(task: Task.Task<P, Ex, Out, E, R, any>, parameters: P) =>
  Effect.map(Evaluation.run(task, parameters, task.test), ({ interval }) => interval?.mean)

/** An event without when it was and what had been used by then. */
const timeless = ({ at: _, usage: __, ...event }: Event) => event

describe("a run on the student", () => {
  it.effect.prop(
    "reaches the full score from every seed, with every optimizer and selector",
    [Schema.Int, Schema.Int, Schema.Literals([0, 1]), Schema.Literals([0, 1, 2])],
    ([seed, data, optimizer, selector]) =>
      Effect.gen(function* () {
        const task = StudentModel.task({ seed: data })
        assert.strictEqual(yield* testScore(task, task.parameters), 0)
        const learned = yield* Trainer.fit(task, { seed }).pipe(Trainer.result(task))
        assert.strictEqual(yield* testScore(task, learned), 1)
      }).pipe(
        Effect.provide([optimizers[optimizer], selectors[selector]], { local: true }),
        Effect.provide(StudentModel.layer({ seed: data }), { local: true })
      ),
    { arbitrary: { runs: 40 } }
  )

  it.effect("is the same again with the same seed, time apart, and another with another", () =>
    Effect.gen(function* () {
      const task = StudentModel.task()
      const run = (seed: number) =>
        Effect.map(Stream.runCollect(Trainer.fit(task, { seed, steps: 6, batchSize: 3 })), (all) => all.map(timeless))
      const first = yield* run(1)
      assert.isAbove(first.length, 50)
      assert.deepStrictEqual(yield* run(1), first)
      const batches = (events: typeof first) =>
        events.flatMap((event) => (event._tag === "StepStarted" ? [event.examples] : []))
      assert.notDeepEqual(batches(yield* run(2)), batches(first))
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(StudentModel.layer()))
  )

  it.effect("comes to the same end however many examples run at once", () =>
    Effect.gen(function* () {
      const task = StudentModel.task()
      const run = (concurrency: number) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Stream.runCollect(Trainer.fit(task, { concurrency, steps: 4 })))
          yield* TestClock.adjust("1 hour")
          const events = (yield* Fiber.join(fiber)).map(timeless)
          const evaluated = events
            .filter(({ _tag }) => _tag === "ExampleEvaluated")
            .map((event) => JSON.stringify(event))
          return [events.filter(({ _tag }) => _tag !== "ExampleEvaluated"), evaluated.sort()]
        })
      const one = yield* run(1)
      assert.deepStrictEqual(yield* run(3), one)
      assert.deepStrictEqual(yield* run(16), one)
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(changed(slow)))
  )

  it.effect("tells the time of its clock and the usage of its models, which only grow", () =>
    Effect.gen(function* () {
      const task = StudentModel.task()
      yield* TestClock.setTime(1000)
      const fiber = yield* Effect.forkChild(Stream.runCollect(Trainer.fit(task, { steps: 3, run: "mine" })))
      yield* TestClock.adjust("1 hour")
      const events = yield* Fiber.join(fiber)
      const [first, last] = [events[0]!, events.at(-1)!]
      assert.deepStrictEqual([first.at, first.usage, first.run], [1000, Completion.noUsage, "mine"])
      assert.isAbove(last.at, 1000)
      assert.isTrue(events.every(({ run }) => run === "mine"))
      for (const [i, event] of events.slice(1).entries()) {
        assert.isAtLeast(event.at, events[i]!.at)
        assert.isAtLeast(event.usage.calls, events[i]!.usage.calls)
      }
      const { calls } = yield* (yield* UsageMeter).read
      assert.strictEqual(last.usage.calls, calls)
      // 12 validation examples for the seed and each candidate, 4 training examples a step, and an edit
      const candidates = events.filter(({ _tag }) => _tag === "Proposed").length
      assert.isAtLeast(calls, 12 * (1 + candidates) + 3 * 4 + candidates)
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(Models.layer({ forward: changed(slow) })))
  )

  it.effect("behind the gate is never worse than the seed, also with a student that forgets", () =>
    Effect.gen(function* () {
      let worse = 0
      for (let seed = 0; seed < 20; seed++) {
        const task = StudentModel.task({ seed, rules: 8 })
        const events = yield* Stream.runCollect(Trainer.fit(task, { seed, batchSize: 2 }))
        const means = new Map(
          events.flatMap((event) =>
            event._tag === "Evaluated" ? [[event.candidate, event.summary.mean] as const] : []
          )
        )
        worse += events.filter(({ _tag }) => _tag === "Rejected").length
        let kept = means.get(0)!
        for (const event of events) {
          if (event._tag !== "Checkpointed" && event._tag !== "RunFinished") continue
          assert.isAtLeast(means.get(event.candidate)!, kept)
          kept = means.get(event.candidate)!
        }
      }
      assert.isAbove(worse, 0)
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(StudentModel.layer({ forgetful: 200 })))
  )
})

describe("minibatches", () => {
  const drawn = (options: Partial<Trainer.Options>, train: number) =>
    Effect.map(
      Stream.runCollect(Trainer.fit(StudentModel.task({ sizes: { train, validation: 1, test: 0 } }), options)),
      (events) => events.flatMap((event) => (event._tag === "StepStarted" ? [event.examples] : []))
    )

  it.effect("cover the training set once an epoch, each epoch in another order", () =>
    Effect.gen(function* () {
      for (const [size, batchSize] of [
        [12, 4],
        [10, 4],
        [3, 5],
        [7, 1]
      ] as const) {
        const perEpoch = Math.ceil(size / batchSize)
        const batches = yield* drawn({ steps: 3 * perEpoch, batchSize, target: 2 }, size)
        const epochs = [0, 1, 2].map((i) => batches.slice(i * perEpoch, (i + 1) * perEpoch).flat())
        for (const epoch of epochs) {
          assert.deepStrictEqual(
            [...epoch].sort((a, b) => a - b),
            Array.from({ length: size }, (_, i) => i)
          )
        }
        assert.isTrue(batches.every((batch) => batch.length <= batchSize))
        if (size > 6) assert.strictEqual(new Set(epochs.map(String)).size, 3)
      }
    }).pipe(Effect.provide([tgd, Latest.layer]), Effect.provide(StudentModel.layer()))
  )
})

describe("the result of a run", () => {
  const task = StudentModel.task()
  const layers = Layer.mergeAll(tgd, ValidationGate.layer())

  it.effect("is parameters of the task's own type; of a stream cut short, those of the last checkpoint", () =>
    Effect.gen(function* () {
      const events = yield* Stream.runCollect(Trainer.fit(task))
      const last = events.findLast((event) => event._tag === "RunFinished")!
      const whole = yield* Trainer.result(task)(Stream.fromIterable(events))
      assert.deepStrictEqual(Parameters.save(whole), last._tag === "RunFinished" && last.parameters)
      assert.strictEqual(whole.instructions.role, task.parameters.instructions.role)

      const first = events.findIndex(({ _tag }) => _tag === "Checkpointed")
      const cut = yield* Trainer.fit(task).pipe(Stream.take(first + 2), Trainer.result(task))
      const checkpoint = events[first]!
      assert.deepStrictEqual(Parameters.save(cut), checkpoint._tag === "Checkpointed" && checkpoint.parameters)
      assert.notDeepEqual(Parameters.save(cut), Parameters.save(whole))

      const none = yield* Trainer.fit(task).pipe(Stream.take(3), Trainer.result(task))
      assert.deepStrictEqual(none, task.parameters)
    }).pipe(Effect.provide(layers), Effect.provide(StudentModel.layer()))
  )

  it.effect("is refused where it does not fit the parameters it is for", () =>
    Effect.gen(function* () {
      const other = { parameters: Parameters.make({ other: Parameter.text("x", { role: "other" }) }) }
      const error = yield* Trainer.fit(task, { steps: 1 }).pipe(Trainer.result(other), Effect.flip)
      assert.strictEqual(error._tag, "ParametersInvalid")
    }).pipe(Effect.provide(layers), Effect.provide(StudentModel.layer()))
  )

  it.effect("has every parameter of nested components, each improved by the feedback that reached it", () =>
    Effect.gen(function* () {
      const Settings = Schema.Struct({ limit: Schema.Int, guide: Schema.String, since: Schema.Date })
      const settings = { limit: 3, guide: "Answer.", since: new Date(0) }
      const sort = Component.make(
        "sort",
        { rules: { instructions: Parameter.text("Sort.", { role: "instructions of the sorter" }) } },
        (p, message: string) =>
          Generate.text({ system: p.rules.instructions, prompt: `sort: ${message}`, role: "code of the message" })
      )
      const check = Component.make(
        "check",
        { settings: Parameter.schema(Settings, settings, { role: "settings of the checker" }) },
        (p, code: Effect.Success<ReturnType<typeof sort.forward>>) =>
          Generate.text({
            system: Template.make`${p.settings}`,
            prompt: Template.make`A refund, sorted as ${code}`,
            role: "checked code"
          })
      )
      const pipeline = sort.pipe(Component.andThen(check))
      const nested = Task.make({
        name: "nested",
        parameters: Component.parameters(pipeline),
        forward: pipeline.forward,
        metric: (code) =>
          code === "R7" ? 1 : { score: 0, feedback: "Messages about [refund] are answered with [R7]." },
        train: ["a refund", "my refund"],
        validation: ["the refund"],
        test: ["one refund"]
      })
      assert.strictEqual(yield* testScore(nested, nested.parameters), 0)
      const learned = yield* Trainer.fit(nested).pipe(Trainer.result(nested))
      assert.strictEqual(yield* testScore(nested, learned), 1)
      const rule = "Messages about [refund] are answered with [R7]."
      assert.strictEqual(learned.sort.rules.instructions.value, `Sort.\n${rule}`)
      assert.deepStrictEqual(learned.check.settings.value, { ...settings, guide: `Answer.\n${rule}` })
    }).pipe(Effect.provide(layers), Effect.provide(StudentModel.layer()))
  )
})
