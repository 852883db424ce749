import { Laws, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ending, eventsOf } from "../../fixture/runs.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Message from "../model/Message.ts"
import { RateLimited } from "../model/TextModelError.ts"
import * as Combine from "../operation/Combine.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Fence from "../prompts/Fence.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Contrast from "./Contrast.ts"
import { type Earlier, Optimizer, OptimizerError, type ProposalRequest } from "./Optimizer.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const parameters = (text = "kept") => Parameters.make({ p: Parameter.text(text, { role: "instructions" }) })
const failed = (value: string, score = 0.4): Earlier => ({
  value,
  score,
  feedback: [],
  rejected: `validation 0.5 -> ${score}`
})
const kept = (value: string): Earlier => ({ value, score: 0.5, feedback: [] })

/** What an optimizer underneath is told in each step, and how often the critic compares. It fails at call `fails`. */
const underneath = (fails = -1) => {
  const requests: Array<ProposalRequest> = []
  const inner = Layer.succeed(Optimizer, {
    propose: (request) =>
      Effect.suspend(() =>
        requests.push(request) === fails
          ? Effect.fail(new OptimizerError({ parameter: "p", reason: new RateLimited({ message: "slow down" }) }))
          : Effect.succeed({ values: new Map([["p", `v${requests.length}`]]), reasons: new Map() })
      )
  })
  const told = () =>
    requests.map(({ entries, gradients }) =>
      GradientMap.criticism(gradients, entries[0]!.variable).map(({ text }) => text)
    )
  return { told, inner }
}

const step = (versions: ReadonlyArray<Earlier>, number: number, more: Partial<ProposalRequest> = {}, text?: string) => {
  const current = parameters(text)
  const gradients = GradientMap.make(new Map([[current.p, [Feedback.make("too long", { from: "check" })]]]))
  return Effect.exit(
    Optimizer.propose(current, gradients, { earlier: new Map([["p", versions]]), step: number, ...more })
  )
}

/** The critic's reasons, numbered. */
const critic = () => {
  let call = 0
  return ScriptedModel.respond(() => `reason ${++call}`)
}

describe("contrast", () => {
  it.effect("keeps the laws of optimizers", () =>
    Laws.optimizer(Contrast.layer().pipe(Layer.provide(TextualGradientDescent.layer())), { runs: 40 })
  )

  it.effect("compares what is kept with the last version that was tried in vain, and passes the reason on", () =>
    Effect.gen(function* () {
      const { inner, told } = underneath()
      yield* step([kept("kept"), failed("a"), failed("b", 0.25), kept("c")], 1).pipe(
        Effect.provide(Contrast.layer().pipe(Layer.provide(inner)))
      )
      assert.deepStrictEqual(told(), [["too long", "reason 1"]])
      const requests = yield* (yield* ScriptedModel).requests
      assert.strictEqual(requests.length, 1)
      assert.strictEqual(requests[0]!.purpose, "backward")
      const prompt = Message.text(requests[0]!.messages.at(-1)!)
      assert.include(prompt, `kept, score 0.50 of 1:\n${Fence.wrap("kept", "kept")}`)
      assert.include(prompt, `score 0.25 of 1, and not kept: "validation 0.5 -> 0.25"\n${Fence.wrap("tried", "b")}`)
      assert.include(prompt, Fence.wrap("feedback", "too long"))
    }).pipe(Effect.provide(critic()))
  )

  it.effect(
    "adds reasons up as long as a version is kept, asks about each failure once, and begins anew with a win",
    () =>
      Effect.gen(function* () {
        const { inner, told } = underneath()
        yield* Effect.gen(function* () {
          const history = [kept("kept")]
          yield* step(history, 1)
          yield* step([...history, failed("a")], 2)
          yield* step([...history, failed("a")], 3)
          yield* step([...history, failed("a"), failed("b")], 4)
          yield* step([...history, failed("a"), failed("b"), failed("c")], 5)
          yield* step([...history, failed("a"), failed("b"), failed("c"), kept("won"), failed("d")], 6, {}, "won")
        }).pipe(Effect.provide(Contrast.layer({ reasons: 2 }).pipe(Layer.provide(inner))))
        assert.deepStrictEqual(told(), [
          ["too long"],
          ["too long", "reason 1"],
          ["too long", "reason 1"],
          ["too long", "reason 1", "reason 2"],
          ["too long", "reason 2", "reason 3"],
          ["too long", "reason 4"]
        ])
      }).pipe(Effect.provide(critic()))
  )

  it.effect("compares with nothing that was tried before the version that is kept had won", () =>
    Effect.gen(function* () {
      const { inner, told } = underneath()
      yield* step([kept("first"), failed("a"), failed("b"), kept("won")], 4, {}, "won").pipe(
        Effect.provide(Contrast.layer().pipe(Layer.provide(inner)))
      )
      assert.deepStrictEqual(told(), [["too long"]])
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), 0)
    }).pipe(Effect.provide(critic()))
  )

  it.effect("blames no parameter that stayed as it was, and knows what the rest is worth by now", () =>
    Effect.gen(function* () {
      // "A1" and what follows is rejected, "A2" is kept, "B1" is rejected; "B0" is there from the first
      const values: ReadonlyArray<Readonly<{ [name: string]: string }>> = [{ a: "A1" }, { a: "A2" }, { b: "B1" }, {}]
      const inner = Layer.succeed(Optimizer, {
        propose: ({ entries, step }) =>
          Effect.succeed({
            values: new Map(entries.map(({ name, variable }) => [name, values[step - 1]![name] ?? variable.value])),
            reasons: new Map()
          })
      })
      const scores: Readonly<{ [text: string]: number }> = { "A0 B0": 0.5, "A1 B0": 0.1, "A2 B0": 0.8, "A2 B1": 0.2 }
      const task = Task.make({
        name: "two texts",
        parameters: Parameters.make({
          a: Parameter.text("A0", { role: "first" }),
          b: Parameter.text("B0", { role: "second" })
        }),
        forward: (p, _: number) => Effect.succeed(Combine.concat([p.a, p.b], { role: "both", separator: " " })),
        metric: (text) => ({ score: scores[text]!, feedback: "no" }),
        train: [0],
        validation: [0]
      })
      yield* eventsOf(Trainer.fit(task, { steps: 4 })).pipe(
        Effect.provide(Contrast.layer().pipe(Layer.provide(inner))),
        Effect.provide(ValidationGate.layer())
      )
      const prompts = (yield* (yield* ScriptedModel).requests)
        .map(({ messages }) => Message.text(messages.at(-1)!))
        .filter((prompt) => prompt.includes("not kept"))
      assert.deepStrictEqual(
        prompts.map((prompt) => prompt.match(/^[AB]\d$|score \d\.\d\d/gm)),
        [
          ["score 0.50", "A0", "score 0.10", "A1"],
          ["score 0.80", "B0", "score 0.20", "B1"]
        ]
      )
    }).pipe(Effect.provide(critic()))
  )

  it.effect("remembers nothing of a step that failed", () =>
    Effect.gen(function* () {
      const { inner, told } = underneath(1)
      yield* Effect.gen(function* () {
        assert.strictEqual((yield* step([failed("a")], 1))._tag, "Failure")
        yield* step([failed("a")], 2)
      }).pipe(Effect.provide(Contrast.layer().pipe(Layer.provide(inner))))
      assert.deepStrictEqual(told(), [
        ["too long", "reason 1"],
        ["too long", "reason 2"]
      ])
    }).pipe(Effect.provide(critic()))
  )

  it.effect("knows nothing of the proposals beside it until the next step, whichever was ready first", () =>
    Effect.gen(function* () {
      const { inner, told } = underneath()
      yield* Effect.gen(function* () {
        yield* step([failed("a")], 1, { sample: 1 })
        yield* step([failed("a")], 1, { sample: 0 })
        yield* step([failed("a")], 2, { sample: 0 })
      }).pipe(Effect.provide(Contrast.layer().pipe(Layer.provide(inner))))
      assert.deepStrictEqual(told(), [
        ["too long", "reason 1"],
        ["too long", "reason 2"],
        ["too long", "reason 2", "reason 1"]
      ])
    }).pipe(Effect.provide(critic()))
  )

  it.effect("asks nobody over an optimizer that reads no criticism", () =>
    Effect.gen(function* () {
      const inner = Layer.succeed(Optimizer, {
        differentiates: false,
        propose: () => Effect.succeed({ values: new Map([["p", "next"]]), reasons: new Map() })
      })
      yield* step([failed("a")], 1).pipe(Effect.provide(Contrast.layer().pipe(Layer.provide(inner))))
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), 0)
    }).pipe(Effect.provide(critic()))
  )

  it.effect("over textual gradient descent teaches a student that forgets", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(StudentModel.task(), { steps: 20 }))
      assert.strictEqual(ending(events).stopped, "target")
    }).pipe(
      Effect.provide(Contrast.layer().pipe(Layer.provide(TextualGradientDescent.layer()))),
      Effect.provide(ValidationGate.layer()),
      Effect.provide(StudentModel.layer({ forgetful: 420 }))
    )
  )
})
