import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import * as Generate from "../generate/Generate.ts"
import * as Completion from "../model/Completion.ts"
import { TextModel } from "../model/TextModel.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Price from "../policy/Price.ts"
import * as Pareto from "../selector/Pareto.ts"
import type { Selector } from "../selector/Selector.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Tally from "./Tally.ts"

const ask = (purpose: "forward" | "backward") =>
  Effect.flatMap(TextModel, (model) => model.complete({ purpose, messages: [], sample: 0 }))

/** Each reply says that it used so many tokens. */
const using = (inputTokens: number, outputTokens: number) =>
  ScriptedModel.respond(() =>
    Completion.make("answer", { usage: { ...Completion.noUsage, calls: 1, inputTokens, outputTokens } })
  )

describe("a tally", () => {
  it.effect("counts the forward calls inside, beside others that run at once", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* Tally.make, yield* Tally.make]
      yield* Effect.all([one.count(ask("forward")), other.count(Effect.all([ask("forward"), ask("forward")]))], {
        concurrency: 2
      })
      yield* ask("forward")
      yield* one.count(ask("backward"))
      assert.deepStrictEqual([yield* one.tokens, yield* other.tokens], [12, 24])
    }).pipe(Effect.provide(using(7, 5)))
  )

  it.effect("knows nothing where nothing was asked, or a reply does not say what it used", () =>
    Effect.gen(function* () {
      const tally = yield* Tally.make
      assert.isUndefined(yield* tally.tokens)
      yield* tally.count(ask("forward"))
      assert.isUndefined(yield* tally.tokens)
    }).pipe(Effect.provide(using(0, 0)))
  )

  it.effect("knows what the calls cost where the price of the model is known, and never takes it for nothing", () =>
    Effect.gen(function* () {
      const cost = Effect.gen(function* () {
        const tally = yield* Tally.make
        yield* tally.count(Effect.all([ask("forward"), ask("forward")]))
        return yield* tally.microUsd
      }).pipe(Effect.updateService(TextModel, (model) => ({ ...model, identity: { provider: "p", model: "m" } })))
      assert.isUndefined(yield* cost)
      const price = Price.layer({ m: { input: 2, output: 10 } })
      assert.strictEqual(yield* Effect.provide(cost, price), 2 * (7 * 2 + 5 * 10))
    }).pipe(Effect.provide(using(7, 5)))
  )

  it.effect("leaves alone what asks no model", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* (yield* Tally.make).count(Effect.succeed(3)), 3)
    })
  )
})

describe("in a run", () => {
  const parameters = Parameters.make({ prompt: Parameter.text("Answer at great length.", { role: "prompt" }) })
  const task = Task.make({
    name: "equal",
    parameters,
    forward: (p, _: number) => Generate.text({ system: p.prompt, prompt: "?", role: "answer" }),
    metric: () => 0.5,
    train: [0],
    validation: [0, 1]
  })
  /** Shorter, then longer. */
  const versions = ["Answer.", "Answer. Think of it for a long time."]
  const next = Layer.succeed(Optimizer, {
    differentiates: false,
    propose: ({ step }) => Effect.succeed({ values: new Map([["prompt", versions[step - 1]]]), reasons: new Map() })
  })
  // what is sent is what it costs
  const model = ScriptedModel.respond(({ messages }) =>
    Completion.make("yes", {
      usage: { ...Completion.noUsage, calls: 1, inputTokens: JSON.stringify(messages).length, outputTokens: 1 }
    })
  )
  const run = (selector: Layer.Layer<Selector>) =>
    Effect.map(
      eventsOf(Trainer.fit(task, { steps: 2, concurrency: 2 })).pipe(
        Effect.provide(Layer.mergeAll(next, selector)),
        Effect.provide(model)
      ),
      ({ events }) =>
        [...of(events, "Accepted"), ...of(events, "Rejected")].map(({ candidate, reason }) => [candidate, reason])
    )

  it.effect("at equal scores the shorter prompt is kept, where length counts", () =>
    Effect.gen(function* () {
      const gate = ValidationGate.layer({ accept: "strictGain", objectives: { score: 1, length: 0.01 } })
      assert.deepStrictEqual(yield* run(gate), [
        [1, "validation 0.500 -> 0.500, length 23 -> 7"],
        [2, "validation 0.500 -> 0.500, length 7 -> 36"]
      ])
    })
  )

  it.effect("the tokens of its validation are those of a candidate, an example", () =>
    Effect.gen(function* () {
      const gate = ValidationGate.layer({ objectives: { score: 1, tokens: 0.01 } })
      const reasons = (yield* run(gate)).map(([, reason]) =>
        /tokens (\d+) -> (\d+)/.exec(String(reason))!.slice(1).map(Number)
      )
      const [[seed, shorter], [again, longer]] = reasons as [[number, number], [number, number]]
      assert.strictEqual(seed - shorter, 16)
      assert.deepStrictEqual([again, longer - shorter], [shorter, 29])
    })
  )

  it.effect("the front by objective keeps what is cheaper, and nothing that is dearer and no better", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* run(Pareto.layer({ by: "objective", objectives: { score: 1, length: 0.01, tokens: 0.01 } })),
        [
          [1, "validation 0.500, best at 3 of 3"],
          [2, "validation 0.500, best at nothing"]
        ]
      )
    })
  )
})
