import { Laws, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Feedback from "../graph/Feedback.ts"
import type * as Variable from "../graph/Variable.ts"
import * as Message from "../model/Message.ts"
import { RateLimited } from "../model/TextModelError.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Momentum from "./Momentum.ts"
import { type Earlier, Optimizer, OptimizerError, type ProposalRequest } from "./Optimizer.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const parameters = Parameters.make({
  instructions: Parameter.text("v0", { role: "instructions" }),
  limit: Parameter.schema(Schema.Struct({ n: Schema.Int }), { n: 0 }, { role: "limit" })
})

/** An optimizer that proposes "v1", "v2"… for each parameter asked about, and what it was shown. It fails at call `fails`. */
const counting = (fails = -1) => {
  const requests: Array<ProposalRequest> = []
  const layer = Layer.succeed(Optimizer, {
    propose: (request) =>
      Effect.suspend(() => {
        const call = requests.push(request)
        return call === fails
          ? Effect.fail(new OptimizerError({ parameter: "x", reason: new RateLimited({ message: "slow down" }) }))
          : Effect.succeed({
              values: new Map(request.entries.map(({ name }) => [name, name === "limit" ? { n: call } : `v${call}`])),
              reasons: new Map()
            })
      })
  })
  return { layer, shown: (name = "instructions") => requests.map(({ earlier }) => earlier.get(name) ?? []) }
}

const criticised = (...all: ReadonlyArray<readonly [Variable.Any, ReadonlyArray<string>]>) =>
  GradientMap.make(
    new Map(all.map(([variable, said]) => [variable, said.map((text) => Feedback.make(text, { from: "check" }))]))
  )

/** Proposals one after the other, each taken, the feedback on each named after its step. */
const descend = Effect.fnUntraced(function* (steps: number, earlier: ProposalRequest["earlier"] = new Map()) {
  let current = parameters
  for (let step = 1; step <= steps; step++) {
    const { values } = yield* Optimizer.propose(current, criticised([current.instructions, [`said ${step}`]]), {
      earlier
    })
    current = Parameters.replace(current, values)
  }
})

const over = (inner: Layer.Layer<Optimizer>, options?: Partial<Momentum.Options>) =>
  Momentum.layer(options).pipe(Layer.provide(inner))

const version = (value: unknown, ...feedback: ReadonlyArray<string>): Earlier => ({ value, feedback, score: undefined })

describe("the laws of optimizers hold for", () => {
  it.effect("momentum of any window over textual gradient descent", () =>
    Effect.forEach([0, 1, 3], (window) =>
      Laws.optimizer(Momentum.layer({ window }).pipe(Layer.provide(TextualGradientDescent.layer())), { runs: 40 })
    )
  )

  it.effect("momentum over momentum", () =>
    Laws.optimizer(
      Momentum.layer().pipe(Layer.provide(Momentum.layer()), Layer.provide(TextualGradientDescent.layer())),
      { runs: 40 }
    )
  )
})

describe("momentum shows the optimizer underneath", () => {
  it.effect("the last three versions with what was said about each, oldest first", () =>
    Effect.gen(function* () {
      const inner = counting()
      yield* Effect.provide(descend(5), over(inner.layer))
      assert.deepStrictEqual(inner.shown(), [
        [],
        [version("v0", "said 1")],
        [version("v0", "said 1"), version("v1", "said 2")],
        [version("v0", "said 1"), version("v1", "said 2"), version("v2", "said 3")],
        [version("v1", "said 2"), version("v2", "said 3"), version("v3", "said 4")]
      ])
    })
  )

  it.effect("as many as its window holds: one, or none", () =>
    Effect.gen(function* () {
      const one = counting()
      yield* Effect.provide(descend(3), over(one.layer, { window: 1 }))
      assert.deepStrictEqual(one.shown(), [[], [version("v0", "said 1")], [version("v1", "said 2")]])
      const none = counting()
      yield* Effect.provide(descend(3), over(none.layer, { window: 0 }))
      assert.deepStrictEqual(none.shown(), [[], [], []])
    })
  )

  it.effect("what the loop knows of each version too, and versions that only the loop knows, each once", () =>
    Effect.gen(function* () {
      const inner = counting()
      const earlier = new Map([
        [
          "instructions",
          [
            { value: "v0", score: 0.5, feedback: [] },
            { value: "rejected", score: 0.1, feedback: [] }
          ]
        ]
      ])
      yield* Effect.provide(descend(3, earlier), over(inner.layer))
      assert.deepStrictEqual(inner.shown(), [
        earlier.get("instructions")!,
        [
          { value: "rejected", score: 0.1, feedback: [] },
          { value: "v0", score: 0.5, feedback: ["said 1"] }
        ],
        [
          { value: "rejected", score: 0.1, feedback: [] },
          { value: "v0", score: 0.5, feedback: ["said 1"] },
          version("v1", "said 2")
        ]
      ])
    })
  )

  it.effect(
    "a version that is criticised again and again once, with all that was said, also what was said before",
    () =>
      Effect.gen(function* () {
        const inner = counting()
        yield* Effect.gen(function* () {
          for (const said of [["a", "b"], ["b"], ["c"], ["d"]]) {
            yield* Optimizer.propose(parameters, criticised([parameters.instructions, said]))
          }
        }).pipe(Effect.provide(over(inner.layer)))
        assert.deepStrictEqual(inner.shown(), [
          [],
          [version("v0", "a", "b")],
          [version("v0", "a", "b", "b")],
          [version("v0", "a", "b", "b", "c")]
        ])
      })
  )

  it.effect(
    "for each parameter its own, where it was criticised; values of a schema are matched with their scores",
    () =>
      Effect.gen(function* () {
        const inner = counting()
        yield* Effect.gen(function* () {
          yield* Optimizer.propose(parameters, criticised([parameters.limit, ["higher"]]))
          yield* Optimizer.propose(
            parameters,
            criticised([parameters.limit, ["higher"]], [parameters.instructions, ["clearer"]]),
            { earlier: new Map([["limit", [{ value: parameters.limit.value, score: 0.5, feedback: [] }]]]) }
          )
          yield* Optimizer.propose(parameters, criticised([parameters.instructions, ["clearer"]]))
        }).pipe(Effect.provide(over(inner.layer)))
        assert.deepStrictEqual(inner.shown("limit").slice(0, 2), [
          [],
          [{ value: { n: 0 }, score: 0.5, feedback: ["higher"] }]
        ])
        assert.deepStrictEqual(inner.shown("instructions"), [[], [], [version("v0", "clearer")]])
      })
  )

  it.effect("nothing of a step that failed", () =>
    Effect.gen(function* () {
      const inner = counting(2)
      yield* Effect.gen(function* () {
        const ask = (said: string) =>
          Effect.exit(Optimizer.propose(parameters, criticised([parameters.instructions, [said]])))
        yield* ask("one")
        assert.strictEqual((yield* ask("two"))._tag, "Failure")
        yield* ask("three")
      }).pipe(Effect.provide(over(inner.layer)))
      assert.deepStrictEqual(inner.shown().at(-1), [version("v0", "one")])
    })
  )

  it.effect(
    "nothing of the proposals beside it, whichever was ready first, and their criticism once from the next step on",
    () =>
      Effect.gen(function* () {
        const inner = counting()
        yield* Effect.gen(function* () {
          const parent = (id: number) => ({ id, step: 0, values: {} })
          const ask = (said: string, knowledge: object) =>
            Optimizer.propose(parameters, criticised([parameters.instructions, [said]]), knowledge)
          yield* ask("one", { step: 1, sample: 0, parent: parent(3) })
          yield* ask("one", { step: 1, sample: 1, parent: parent(3) })
          yield* ask("two", { step: 1, sample: 0, parent: parent(2) })
          yield* ask("three", { step: 2, sample: 0, parent: parent(3) })
        }).pipe(Effect.provide(over(inner.layer)))
        assert.deepStrictEqual(inner.shown(), [[], [], [], [version("v0", "two", "one")]])
      })
  )

  it.effect("no gradients where it reads none: the backward pass is not paid for", () =>
    Effect.gen(function* () {
      const inner = Layer.succeed(Optimizer, {
        differentiates: false,
        propose: () => Effect.succeed({ values: new Map(), reasons: new Map() })
      })
      const { differentiates } = yield* Effect.provide(Optimizer, over(inner), { local: true })
      assert.isFalse(differentiates)
    })
  )

  it.effect("nothing of another run: its memory lives as long as the layer", () =>
    Effect.gen(function* () {
      const inner = counting()
      const momentum = over(inner.layer)
      yield* Effect.provide(descend(1), momentum, { local: true })
      yield* Effect.provide(descend(1), momentum, { local: true })
      assert.deepStrictEqual(inner.shown(), [[], []])
    })
  )
})

describe("momentum over textual gradient descent", () => {
  const tgd = TextualGradientDescent.layer()

  it.effect("shows the editor all that its window holds, also where that is more than the editor's own", () =>
    Effect.gen(function* () {
      for (const window of [1, 5]) {
        const model = ScriptedModel.layer([1, 2, 3, 4, 5, 6].map((n) => ({ value: `v${n}`, changed: "" })))
        const prompt = yield* Effect.gen(function* () {
          yield* descend(6)
          const requests = yield* (yield* ScriptedModel).requests
          return Message.text(requests.at(-1)!.messages.at(-1)!)
        }).pipe(
          Effect.provide(Momentum.layer({ window }).pipe(Layer.provide(tgd)), { local: true }),
          Effect.provide(model, { local: true })
        )
        assert.strictEqual(prompt.split("What was said about it:").length - 1, window)
      }
    })
  )

  it.effect("puts the earlier versions and what was said of them into the editor's prompt", () =>
    Effect.gen(function* () {
      yield* descend(2)
      const [first, second] = (yield* (yield* ScriptedModel).requests).map(({ messages }) =>
        Message.text(messages.at(-1)!)
      )
      assert.notInclude(first, "earlier version")
      assert.match(
        second!,
        /An earlier version:\n<earlier-\w+>\nv0\n<\/earlier-\w+>\nWhat was said about it:\n<feedback-\w+>\nsaid 1\n/
      )
      assert.include(second, "said 2")
    }).pipe(
      Effect.provide(Momentum.layer().pipe(Layer.provide(tgd))),
      Effect.provide(ScriptedModel.layer(["one", "two"].map((value) => ({ value, changed: "" }))))
    )
  )

  it.effect("learns as well, momentum over momentum too", () =>
    Effect.gen(function* () {
      const task = StudentModel.task({ seed: 5 })
      for (const optimizer of [
        Momentum.layer().pipe(Layer.provide(tgd)),
        Momentum.layer({ window: 1 }).pipe(Layer.provide(Momentum.layer()), Layer.provide(tgd))
      ]) {
        const learned = yield* Trainer.fit(task).pipe(Trainer.result(task), Effect.provide(optimizer, { local: true }))
        assert.strictEqual((yield* Evaluation.run(task, learned, task.test)).interval?.mean, 1)
      }
    }).pipe(Effect.provide(Latest.layer), Effect.provide(StudentModel.layer()))
  )
})
