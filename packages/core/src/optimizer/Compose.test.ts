import { Laws, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import type { Candidate } from "../candidate/Candidate.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Generate from "../generate/Generate.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import type { OptimizerModel } from "../model/TextModel.ts"
import * as Template from "../operation/Template.ts"
import * as Demonstrations from "../parameter/Demonstrations.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Bootstrap from "./Bootstrap.ts"
import * as Compose from "./Compose.ts"
import * as Contrast from "./Contrast.ts"
import * as Merge from "./Merge.ts"
import * as Mipro from "./mipro/Mipro.ts"
import { differentiates, Optimizer } from "./Optimizer.ts"
import * as Reflection from "./Reflection.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const parameters = Parameters.make({ p: Parameter.text("start", { role: "text" }) })
const criticised = GradientMap.make(new Map([[parameters.p, [Feedback.make("say more", { from: "judge" })]]]))

/** An optimizer that proposes its own name. */
const named = (name: string, differentiates = true): Layer.Layer<Optimizer> =>
  Layer.succeed(Optimizer, {
    differentiates,
    propose: ({ entries }) =>
      Effect.succeed({ values: new Map(entries.map((entry) => [entry.name, name])), reasons: new Map() })
  })

/** Who proposes in steps 1, 2, … */
const turns = (steps: number, more: { readonly lineage?: ReadonlyArray<Candidate>; readonly seed?: number } = {}) =>
  Effect.forEach(
    Array.from({ length: steps }, (_, i) => i + 1),
    (step) =>
      Effect.map(Optimizer.propose(parameters, criticised, { ...more, step }), ({ values }) => String(values.get("p")))
  )

const share = (all: ReadonlyArray<string>, name: string) => all.filter((one) => one === name).length / all.length

const a = named("a")
const b = named("b")

describe("the laws of optimizers hold for", () => {
  const [tgd, reflection] = [TextualGradientDescent.layer(), Reflection.layer({ which: "all" })]
  const [bootstrap, mipro] = [Bootstrap.layer(), Mipro.layer({ candidates: 2 })]
  const merge = Merge.layer().pipe(Layer.provide(Contrast.layer()), Layer.provide(tgd))

  for (const [name, layer] of [
    ["a sequence", Compose.sequence([tgd, 1], [reflection, 1])],
    ["alternation", Compose.alternate(reflection, tgd)],
    ["a mixture", Compose.mixture([tgd, 1], [reflection, 1])],
    ["a portfolio", Compose.portfolio(tgd, reflection)],
    ["a portfolio in an alternation", Compose.alternate(Compose.portfolio(reflection, tgd), tgd)],
    ["a sequence of who remembers", Compose.sequence([bootstrap, 1], [merge, 2], [mipro, 1])]
  ] as const) {
    it.effect(name, () => Laws.optimizer(layer, { runs: 20 }))
  }
})

describe("a sequence", () => {
  it.effect("gives each its steps, and the last the rest", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* turns(6), ["a", "a", "b", "c", "c", "c"])
    }).pipe(Effect.provide(Compose.sequence([a, 2], [b, 1], [named("c"), 1])))
  )

  it.effect("passes over one without steps", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* turns(2), ["b", "b"])
    }).pipe(Effect.provide(Compose.sequence([a, 0], [b, 1])))
  )

  it("needs what its parts need, and no more", () => {
    expectTypeOf(Compose.sequence([a, 1], [b, 1])).toEqualTypeOf<Layer.Layer<Optimizer>>()
    expectTypeOf(Compose.alternate(TextualGradientDescent.layer(), Bootstrap.layer())).toEqualTypeOf<
      Layer.Layer<Optimizer, never, OptimizerModel>
    >()
  })
})

describe("an alternation", () => {
  it.effect("gives each a step in turn", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* turns(5), ["a", "b", "a", "b", "a"])
    }).pipe(Effect.provide(Compose.alternate(a, b)))
  )

  it.effect("reads gradients only in the steps of those that do", () =>
    Effect.gen(function* () {
      const optimizer = yield* Optimizer
      const parent: Candidate = { id: 0, step: 0, values: {} }
      const known = { earlier: new Map(), evidence: [], candidates: [parent], parent, lineage: [parent] }
      const reads = [1, 2, 3].map((step) => differentiates(optimizer, { ...known, step, sample: 0, seed: 0 }))
      assert.deepStrictEqual(reads, [false, true, false])
    }).pipe(Effect.provide(Compose.alternate(named("a", false), b)))
  )
})

describe("a mixture", () => {
  const layer = Compose.mixture([a, 3], [b, 1], [named("never"), 0])

  it.effect("draws by weights, the same again from the same seed", () =>
    Effect.gen(function* () {
      const all = yield* turns(400, { seed: 1 })
      assert.closeTo(share(all, "a"), 0.75, 0.08)
      assert.strictEqual(share(all, "a") + share(all, "b"), 1)
      assert.deepStrictEqual(yield* turns(400, { seed: 1 }), all)
      assert.notDeepEqual(yield* turns(400, { seed: 2 }), all)
    }).pipe(Effect.provide(layer))
  )

  it.effect("draws for each proposal of a step", () =>
    Effect.gen(function* () {
      const values = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, sample) => sample),
        (sample) => Effect.map(Optimizer.propose(parameters, criticised, { sample }), ({ values }) => values.get("p"))
      )
      assert.deepStrictEqual([...new Set(values)].sort(), ["a", "b"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes weights of 0, or none that make sense, as equal", () =>
    Effect.gen(function* () {
      assert.closeTo(share(yield* turns(200), "a"), 0.5, 0.12)
    }).pipe(Effect.provide(Compose.mixture([a, 0], [b, Number.NaN])))
  )
})

describe("a portfolio", () => {
  const seed: Candidate = { id: 0, step: 0, values: {}, scores: [0] }

  /** Runs so many steps in which only what `a` proposes helps. */
  const run = (steps: number, scored: boolean) =>
    Effect.gen(function* () {
      const lineage: Array<Candidate> = [scored ? seed : { id: 0, step: 0, values: {} }]
      const proposers: Array<string> = []
      for (let step = 1; step <= steps; step++) {
        const { values } = yield* Optimizer.propose(parameters, criticised, { step, lineage: [...lineage] })
        const name = String(values.get("p"))
        proposers.push(name)
        const score = name === "a" ? 1 : 0
        lineage.push({ id: step, parent: 0, step, values: {}, ...(scored ? { scores: [score] } : {}) })
      }
      return proposers
    }).pipe(Effect.provide(Compose.portfolio(a, b)))

  it.effect("gives more steps to whoever makes better candidates, and never none to the others", () =>
    Effect.gen(function* () {
      const all = yield* run(200, true)
      assert.isAbove(share(all.slice(50), "a"), 0.85)
      assert.isAbove(share(all, "b"), 0)
      assert.deepStrictEqual(yield* run(200, true), all)
    })
  )

  it.effect("counts a step that made nothing as one without gain", () =>
    Effect.gen(function* () {
      // nothing was ever made: nobody is ahead for long
      const all = yield* turns(300, { lineage: [seed] })
      assert.closeTo(share(all, "a"), 0.5, 0.15)
    }).pipe(Effect.provide(Compose.portfolio(a, b)))
  )

  it.effect("keeps all equal where candidates are not evaluated", () =>
    Effect.gen(function* () {
      assert.closeTo(share(yield* run(300, false), "a"), 0.5, 0.1)
    })
  )
})

describe("a whole run", () => {
  const student = StudentModel.task({ seed: 6 })
  const task = Task.make({
    name: "student with demonstrations",
    parameters: Parameters.make({
      instructions: Parameter.text("Answer the message with its code.", { role: "instructions of the student" }),
      examples: Parameter.demonstrations({ role: "messages with their codes" })
    }),
    forward: (p, { message }: StudentModel.Example) =>
      Generate.text({
        system: Template.make`${p.instructions}\n\n${Demonstrations.render(p.examples)}`,
        prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
        role: "answer to the message"
      }),
    metric: (answer, { answer: right, topic }) =>
      answer === right ? 1 : { score: 0, feedback: `Messages about [${topic}] are answered with [${right}].` },
    train: student.train,
    validation: student.validation,
    test: student.test
  })
  const [tgd, bootstrap] = [TextualGradientDescent.layer(), Bootstrap.layer()]

  for (const [name, layer] of [
    ["gradients, then demonstrations", Compose.sequence([tgd, 4], [bootstrap, 4], [tgd, 1])],
    ["gradients and demonstrations in turn", Compose.alternate(tgd, bootstrap)],
    ["a mixture", Compose.mixture([tgd, 2], [bootstrap, 1])],
    ["a portfolio of three", Compose.portfolio(tgd, bootstrap, Reflection.layer())]
  ] as const) {
    it.effect(`learns everything with ${name}, both parameters changed, criticism paid for only where it is read`, () =>
      Effect.gen(function* () {
        const events = yield* Stream.runCollect(Trainer.fit(task, { steps: 24, target: 2 }))
        const learned = yield* Trainer.result(task)(Stream.fromIterable(events))
        const { interval } = yield* Evaluation.run(task, learned, task.test)
        assert.strictEqual(interval!.mean, 1)
        assert.isAbove(learned.examples.value.length, 0)
        assert.notStrictEqual(learned.instructions.value, task.parameters.instructions.value)
        const reading = events.filter(({ _tag }) => _tag === "FeedbackGiven").map(({ step }) => step)
        const bootstrapped = events.flatMap((event) =>
          event._tag === "Proposed" && event.changes.every(({ parameter }) => parameter === "examples")
            ? [event.step]
            : []
        )
        assert.isAbove(bootstrapped.length, 0)
        assert.deepStrictEqual(
          bootstrapped.filter((step) => reading.includes(step)),
          []
        )
        assert.isAbove(yield* (yield* ScriptedModel).calls("backward"), 0)
      }).pipe(Effect.provide([layer, ValidationGate.layer()]), Effect.provide(StudentModel.layer()))
    )
  }
})
