import { Laws, Replies, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { ending, eventsOf } from "../../fixture/runs.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Message from "../model/Message.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import { type Earlier, Optimizer, type ProposalRequest } from "./Optimizer.ts"
import * as SampledMomentum from "./SampledMomentum.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const parameters = Parameters.make({ text: Parameter.text("now", { role: "instructions" }) })
const gradients = GradientMap.make(new Map([[parameters.text, [Feedback.make("too long", { from: "check" })]]]))
const versions: ReadonlyArray<Earlier> = [
  ...[0, 0, 0, 0, 0, 0, 0, 0.9].map((score, i) => ({ value: `v${i}`, score, feedback: [] })),
  { value: "now", score: 0.5, feedback: [] }
]

/** The versions that the optimizer underneath is shown in each of many steps. */
const shown = Effect.fnUntraced(function* (options: Partial<SampledMomentum.Options>, steps: number, seed = 0) {
  const requests: Array<ProposalRequest> = []
  const inner = Layer.succeed(Optimizer, {
    propose: (request) =>
      Effect.sync(() => {
        requests.push(request)
        return { values: new Map([["text", "next"]]), reasons: new Map() }
      })
  })
  yield* Effect.forEach(Array.from({ length: steps }), (_, i) =>
    Optimizer.propose(parameters, gradients, { earlier: new Map([["text", versions]]), step: i + 1, seed })
  ).pipe(Effect.provide(SampledMomentum.layer(options).pipe(Layer.provide(inner)), { local: true }))
  return requests.map((request) => {
    assert.strictEqual(request.versions, options.versions ?? 3)
    return request.earlier.get("text")!.map(({ value }) => value)
  })
})

describe("momentum by sampling", () => {
  it.effect("keeps the laws of optimizers", () =>
    Laws.optimizer(SampledMomentum.layer().pipe(Layer.provide(TextualGradientDescent.layer())), { runs: 40 })
  )

  it.effect("draws as many versions as told, without the current one, oldest first, another lot each step", () =>
    Effect.gen(function* () {
      const drawn = yield* shown({}, 40)
      for (const some of drawn) {
        assert.strictEqual(new Set(some).size, 3)
        assert.notInclude(some, "now")
        assert.deepStrictEqual(some, [...some].sort())
      }
      assert.isAbove(new Set(drawn.map(String)).size, 5)
      for (const some of yield* shown({ versions: 100 }, 2)) assert.strictEqual(some.length, 8)
      assert.deepStrictEqual(yield* shown({ versions: 0 }, 1), [[]])
    })
  )

  it.effect("draws the better ones more often, and any of them where it is hot", () =>
    Effect.gen(function* () {
      const share = (drawn: ReadonlyArray<ReadonlyArray<unknown>>) =>
        drawn.filter((some) => some.includes("v7")).length / drawn.length
      assert.isAbove(share(yield* shown({ versions: 1, temperature: 0.05 }, 200)), 0.99)
      // exp(4.5) against 7: 93 %
      assert.approximately(share(yield* shown({ versions: 1, temperature: 0.2 }, 400)), 0.93, 0.06)
      assert.approximately(share(yield* shown({ versions: 1, temperature: 1000 }, 400)), 0.125, 0.08)
    })
  )

  it.effect("draws the same for the same seed, and something else for another", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* shown({}, 20), yield* shown({}, 20))
      assert.notDeepEqual(yield* shown({}, 20), yield* shown({}, 20, 1))
    })
  )

  it.effect("shows the editor all that was drawn, also of versions that were not kept", () =>
    Effect.gen(function* () {
      const rejected = Array.from({ length: 13 }, (_, i) => ({
        value: `v${i} of them`,
        score: 0.25,
        feedback: [],
        rejected: "validation 0.500 -> 0.250"
      }))
      for (const editor of [TextualGradientDescent.layer(), TextualGradientDescent.layer({ earlier: 0, failed: 0 })]) {
        yield* Optimizer.propose(parameters, gradients, { earlier: new Map([["text", rejected]]) }).pipe(
          Effect.provide(SampledMomentum.layer({ versions: 8 }).pipe(Layer.provide(editor)), { local: true })
        )
      }
      for (const { messages } of yield* (yield* ScriptedModel).requests) {
        assert.strictEqual([...Message.text(messages.at(-1)!).matchAll(/v\d+ of them/g)].length, 8)
      }
    }).pipe(Effect.provide(ScriptedModel.respond(Replies.edit("next"))))
  )

  it.effect("draws by the scores of minibatches where nothing is validated", () =>
    Effect.gen(function* () {
      const requests: Array<ProposalRequest> = []
      const inner = Layer.succeed(Optimizer, {
        propose: (request) =>
          Effect.sync(() => ({ values: new Map([["text", `v${requests.push(request)}`]]), reasons: new Map() }))
      })
      // v2 is right in three of four places, all others in one
      const task = Task.make({
        name: "versions",
        parameters: Parameters.make({ text: Parameter.text("v0", { role: "text" }) }),
        forward: (p, _: number) => Effect.succeed(p.text),
        metric: (text, place) => ({ score: place === 0 || (text === "v2" && place < 3) ? 1 : 0, feedback: "no" }),
        train: [0, 1, 2, 3]
      })
      yield* Stream.runDrain(Trainer.fit(task, { steps: 60, batchSize: 4 })).pipe(
        Effect.provide(SampledMomentum.layer({ versions: 1, temperature: 0.02 }).pipe(Layer.provide(inner))),
        Effect.provide(Latest.layer)
      )
      const drawn = requests.slice(3).map(({ earlier }) => earlier.get("text")!.map(({ value }) => value))
      assert.deepStrictEqual(
        drawn,
        drawn.map(() => ["v2"])
      )
    }).pipe(Effect.provide(ScriptedModel.layer([])))
  )

  it.effect("teaches the student", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(StudentModel.task()))
      assert.strictEqual(ending(events).stopped, "target")
    }).pipe(
      Effect.provide(SampledMomentum.layer().pipe(Layer.provide(TextualGradientDescent.layer()))),
      Effect.provide(ValidationGate.layer()),
      Effect.provide(StudentModel.layer())
    )
  )
})
