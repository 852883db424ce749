import {
  Backward,
  Critic,
  Demonstrations,
  Evaluation,
  Fence,
  Generate,
  Latest,
  Loss,
  Message,
  Momentum,
  Optimizer,
  OptimizerModel,
  Parameter,
  Parameters,
  Request,
  Template,
  TextModel,
  TextualGradientDescent,
  Trainer,
  ValidationGate,
  Variable
} from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Hash, Layer, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { ScriptedModel, StudentModel } from "../index.ts"
import * as Student from "./Student.ts"

const refund = "Messages about [refund] are answered with [R7]."
const password = "Messages about [password] are answered with [A2]."

const forward = (system: string, user: string) =>
  Request.make({ purpose: "forward", messages: [Message.system(system), Message.user(user)] })

const told = (model: { readonly complete: TextModel["Service"]["complete"] }, request: Request.Request) =>
  Effect.map(model.complete(request), ({ text }) => text)

const tgd = TextualGradientDescent.layer()

describe("the student forward", () => {
  it.effect("answers right exactly when its system prompt states the rule", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      const ask = (system: string) => told(model, forward(system, "I write about a refund, case 1."))
      assert.strictEqual(yield* ask(`Answer. ${password} ${refund}`), "R7")
      assert.notStrictEqual(yield* ask(`Answer. ${password}`), "R7")
      assert.notStrictEqual(yield* ask("Refunds are answered with R7."), "R7")
      assert.strictEqual(yield* ask(`Answer. ${password}`), yield* ask(`Answer. ${password}`))
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("a topic is found as whole words, not inside others", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      assert.notStrictEqual(yield* told(model, forward(refund, "It was refunded.")), "R7")
      assert.strictEqual(yield* told(model, forward(refund, "A REFUND!")), "R7")
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("learns from demonstrations that share a telling word, where no rule says otherwise", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      const shown = [
        { input: "Please look at this refund, train case 1.", output: "R7" },
        { input: "Hello, I write about a password, train case 2.", output: "A2" }
      ]
      const ask = (system: string, message: string) => told(model, forward(system, message))
      const system = `Answer.\n\n${Demonstrations.text(shown)}`
      assert.strictEqual(yield* ask(system, "Hello, I write about a refund, test case 9."), "R7")
      assert.strictEqual(yield* ask(`${system}\n${refund.replace("R7", "R8")}`, "It is about my refund."), "R8")
      // nothing but small talk in common, or two that contradict each other
      for (const message of ["Hello, I write about a delivery, train case 1.", "My refund, or my password?"]) {
        assert.notInclude(["R7", "A2"], yield* ask(system, message))
      }
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("puts its answer into the places of a structured request", () =>
    Effect.gen(function* () {
      const Reply = Schema.Struct({
        code: Schema.String,
        sure: Schema.Boolean,
        nested: Schema.Struct({ codes: Schema.Array(Schema.String), why: Schema.NullOr(Schema.String) })
      })
      const reply = yield* Generate.object({ schema: Reply, system: refund, prompt: "A refund.", role: "reply" })
      assert.deepStrictEqual(reply.value, { code: "R7", sure: false, nested: { codes: [], why: "R7" } })
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})

describe("the student as judge, critic and editor", () => {
  const shown = Variable.constant("A refund, please. Answer: general", "exchange")

  it.effect("judges by the rules in its objective", () =>
    Effect.gen(function* () {
      const bad = yield* Loss.verdict(`The code must be right. ${refund} ${password}`)(shown)
      assert.deepStrictEqual(bad.value, { feedback: refund, score: 0 })
      const good = yield* Loss.verdict(refund)(Variable.constant("A refund, please. Answer: R7", "exchange"))
      assert.deepStrictEqual(good.value, { feedback: "", score: 1 })
      assert.strictEqual((yield* Loss.text(refund)(shown)).value, refund)
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("as critic repeats the rules in the feedback word for word, and those only", () =>
    Effect.gen(function* () {
      const { instructions } = Parameters.make({
        instructions: Parameter.text(`Answer. ${password}`, { role: "instructions" })
      })
      const answer = yield* Generate.text({ system: instructions, prompt: "A refund.", role: "answer" })
      const loss = yield* Loss.verifier(() => ({ score: 0, feedback: `Wrong! ${refund} Do better.` }))(answer)
      const criticism = (yield* Backward.run(loss)).of(instructions)
      assert.deepStrictEqual(
        criticism.map((one) => (one._tag === "Criticism" ? one.text : "")),
        [`When ${refund}: ${refund}`]
      )
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("as editor appends each rule that is missing, once", () =>
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const request = Request.make({
        purpose: "optimizer",
        messages: [
          Message.user(
            [
              Fence.wrap("value", `Answer.\n${password}`),
              Fence.wrap("feedback", `${refund} ${password}`),
              Fence.wrap("feedback", `Again: ${refund}`)
            ].join("\n")
          )
        ]
      })
      assert.strictEqual(yield* told(model, request), `Answer.\n${password}\n${refund}`)
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("as editor builds on the best of the versions it is shown, which comes last", () =>
    Effect.gen(function* () {
      const model = yield* OptimizerModel
      const shown = [Fence.wrap("version", "Worse."), Fence.wrap("version", "Better."), Fence.wrap("feedback", refund)]
      const request = Request.make({ purpose: "optimizer", messages: [Message.user(shown.join("\n"))] })
      assert.strictEqual(yield* told(model, request), `Better.\n${refund}`)
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("edits the first text in a structured value", () =>
    Effect.gen(function* () {
      const Settings = Schema.Struct({ limit: Schema.Int, guide: Schema.String, tags: Schema.Array(Schema.String) })
      const p = Parameters.make({
        settings: Parameter.schema(Settings, { limit: 3, guide: "Answer.", tags: ["x"] }, { role: "settings" })
      })
      const answer = yield* Generate.text({
        system: Template.make`${p.settings}`,
        prompt: "A refund.",
        role: "answer"
      })
      const loss = yield* Loss.verifier(() => ({ score: 0, feedback: refund }))(answer)
      const next = yield* Optimizer.step(p, yield* Backward.run(loss))
      assert.deepStrictEqual(next.settings.value, { limit: 3, guide: `Answer.\n${refund}`, tags: ["x"] })
    }).pipe(Effect.provide(tgd), Effect.provide(StudentModel.layer()))
  )
})

describe("whole optimisations with the student", () => {
  const task = StudentModel.task({ seed: 7 })

  const testScore = (parameters: typeof task.parameters) =>
    Effect.map(Evaluation.run(task, parameters, task.test), ({ interval }) => interval!.mean)

  const learn = (options: Partial<Trainer.Options> = {}) => Trainer.fit(task, options).pipe(Trainer.result(task))

  for (const [name, selector] of [
    ["latest", Latest.layer],
    ["validation gate", ValidationGate.layer()]
  ] as const) {
    it.effect(`converge from nothing to everything right (${name})`, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* testScore(task.parameters), 0)
        const parameters = yield* learn()
        assert.strictEqual(yield* testScore(parameters), 1)
      }).pipe(Effect.provide([tgd, selector]), Effect.provide(StudentModel.layer()))
    )
  }

  it.effect("converge with one critic call an input, and with momentum", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* testScore(yield* learn()), 1)
    }).pipe(
      Effect.provide([Momentum.layer().pipe(Layer.provide(tgd)), ValidationGate.layer(), Critic.layerPerInput]),
      Effect.provide(StudentModel.layer())
    )
  )

  it.effect("are the same again with the same seed, and others with another", () =>
    Effect.gen(function* () {
      const run = (seed: number) =>
        Trainer.fit(task, { seed, steps: 5 }).pipe(
          Stream.runCollect,
          Effect.map((events) => events.filter(({ _tag }) => _tag === "Proposed" || _tag === "StepStarted"))
        )
      const first = yield* run(1)
      assert.deepStrictEqual(yield* run(1), first)
      assert.notDeepEqual(yield* run(2), first)
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(StudentModel.layer()))
  )

  it.effect("are the same at any concurrency, however long each reply takes", () =>
    Effect.gen(function* () {
      const reply = Student.reply(Student.defaults)
      const run = (concurrency: number, salt: string) =>
        Effect.gen(function* () {
          const slow = ScriptedModel.respond((request) =>
            Effect.as(Effect.sleep((Hash.string(salt + Request.key(request)) >>> 0) % 1000), reply(request))
          )
          const fiber = yield* Trainer.fit(task, { concurrency, steps: 5 }).pipe(
            Stream.runCollect,
            Effect.provide([tgd, ValidationGate.layer()]),
            Effect.provide(slow),
            Effect.forkChild
          )
          yield* TestClock.adjust("1 day")
          const events = yield* Fiber.join(fiber)
          return events
            .filter(({ _tag }) => _tag !== "ExampleEvaluated")
            .map(({ at: _at, usage: _usage, ...event }) => event)
        })
      const one = yield* run(1, "a")
      assert.deepStrictEqual(yield* run(16, "b"), one)
      assert.deepStrictEqual(yield* run(3, "c"), one)
    })
  )

  it.effect("a forgetful student gets stuck, and behind a gate never falls below where it was", () =>
    Effect.gen(function* () {
      const events = yield* Stream.runCollect(Trainer.fit(task, { steps: 20 }))
      assert.isAbove(events.filter(({ _tag }) => _tag === "Rejected").length, 0)
      const accepted = new Set(events.flatMap((event) => (event._tag === "Accepted" ? [event.candidate] : [0])))
      const scores = events.flatMap((event) =>
        event._tag === "Evaluated" && accepted.has(event.candidate) ? [event.summary.mean] : []
      )
      assert.deepStrictEqual(
        scores,
        [...scores].sort((a, b) => a - b)
      )
      assert.isBelow(scores.at(-1)!, 1)
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(StudentModel.layer({ forgetful: 150 })))
  )

  it.effect("a stubborn student stays where it is, and the run says so", () =>
    Effect.gen(function* () {
      const events = yield* Stream.runCollect(Trainer.fit(task, { steps: 3 }))
      const last = events.at(-1)!
      assert.strictEqual(last._tag, "RunFinished")
      assert.deepStrictEqual(last._tag === "RunFinished" && [last.candidate, last.parameters], [
        0,
        Parameters.save(task.parameters)
      ])
      assert.isFalse(events.some(({ _tag }) => _tag === "Accepted"))
    }).pipe(Effect.provide([tgd, ValidationGate.layer()]), Effect.provide(StudentModel.layer({ stubborn: true })))
  )

  it.effect("record what every role was asked", () =>
    Effect.gen(function* () {
      yield* learn({ steps: 1, batchSize: 2 })
      const model = yield* ScriptedModel
      assert.strictEqual(yield* model.calls("forward"), 2)
      assert.strictEqual(yield* model.calls("backward"), 2)
      assert.strictEqual(yield* model.calls("optimizer"), 1)
      assert.strictEqual((yield* model.requests).length, 5)
    }).pipe(Effect.provide([tgd, Latest.layer]), Effect.provide(StudentModel.layer()))
  )
})

describe("the student's task", () => {
  it("is the same for the same seed, another for another, and shares no message between its sets", () => {
    const { parameters: _, ...task } = StudentModel.task({ seed: 3 })
    const messages = (t: typeof task) => [...t.train, ...t.validation, ...t.test].map(({ message }) => message)
    assert.deepStrictEqual(messages(StudentModel.task({ seed: 3 })), messages(task))
    assert.notDeepEqual(messages(StudentModel.task({ seed: 4 })), messages(task))
    assert.strictEqual(new Set(messages(task)).size, 36)
  })

  it("has as many rules and examples as asked for, each rule in each set", () => {
    const task = StudentModel.task({
      rules: [
        { topic: "tea", answer: "1" },
        { topic: "coffee", answer: "2" }
      ],
      sizes: { train: 4, validation: 2, test: 0 }
    })
    assert.deepStrictEqual([task.train.length, task.validation.length, task.test.length], [4, 2, 0])
    assert.deepStrictEqual(task.validation.map(({ answer }) => answer).sort(), ["1", "2"])
  })
})
