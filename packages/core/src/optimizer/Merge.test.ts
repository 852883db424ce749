import { Laws } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import type * as Candidate from "../candidate/Candidate.ts"
import * as Variable from "../graph/Variable.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Pareto from "../selector/Pareto.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Merge from "./Merge.ts"
import { type Knowledge, Optimizer, OptimizerError, ProposalFailed } from "./Optimizer.ts"
import { merged, partner } from "./recombination.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const tgd = TextualGradientDescent.layer()

it.effect("the laws of optimizers hold for it", () =>
  Laws.optimizer(Merge.layer().pipe(Layer.provide(tgd)), { runs: 100 })
)

describe("merging values", () => {
  const Value = Schema.Literals(["0", "1", "2"])
  const Values = Schema.Struct({ a: Value, b: Value, c: Value })
  const three = [Values, Values, Values]

  it.prop("with itself changes nothing", [Values, Values], ([ancestor, one]) => {
    assert.deepStrictEqual(merged(ancestor, one, one), one)
  })

  it.prop("twice gives the same", three, ([ancestor, first, second]) => {
    const once = merged(ancestor!, first!, second!)
    assert.deepStrictEqual(merged(ancestor!, once, second!), once)
    assert.deepStrictEqual(merged(ancestor!, once, first!), once)
  })

  it.prop("takes whichever side changed, and where both did, the first", three, ([ancestor, first, second]) => {
    const result = merged(ancestor!, first!, second!)
    for (const name of ["a", "b", "c"] as const) {
      const changed = first![name] !== ancestor![name]
      assert.strictEqual(result[name], changed ? first![name] : second![name])
    }
  })

  it.prop("gives the same from either side where no name changed on both", three, ([ancestor, first, second]) => {
    const names = ["a", "b", "c"] as const
    if (names.some((name) => first![name] !== ancestor![name] && second![name] !== ancestor![name])) return
    assert.deepStrictEqual(merged(ancestor!, first!, second!), merged(ancestor!, second!, first!))
  })
})

const candidate = (
  id: number,
  parent: number | undefined,
  [a, b]: readonly [string, string],
  scores: ReadonlyArray<number>,
  more: Partial<Candidate.Candidate> = {}
): Candidate.Candidate => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  step: id,
  values: { a, b },
  scores,
  ...more
})

// one learned the first half, the other the second
const seed = candidate(0, undefined, ["-", "-"], [0, 0, 0])
const left = candidate(1, 0, ["x", "-"], [1, 0, 0])
const right = candidate(2, 0, ["-", "y"], [0, 1, 0])

describe("two are merged", () => {
  it("that learned different things since they went apart, also where what they came from is kept no more", () => {
    const pair = partner([left, right], right, [seed, left, right])
    assert.deepStrictEqual([pair?.ancestor.id, pair?.other.id, pair?.values], [0, 1, { a: "x", b: "y" }])
  })

  it("the better first where both changed the same", () => {
    const better = candidate(3, 0, ["z", "y"], [0, 1, 1])
    const pair = partner([left, better], left, [seed, left, better])
    assert.isUndefined(pair, "what would come of it is the better one itself")
    const worse = candidate(3, 0, ["z", "y"], [0, 0.5, 0])
    assert.deepStrictEqual(partner([left, worse], worse, [seed, left, worse])?.values, { a: "x", b: "y" })
  })

  it("not where one came from the other", () => {
    const child = candidate(3, 1, ["x", "y"], [0, 1, 0])
    assert.isUndefined(partner([left, child], child, [seed, left, child]))
    assert.isUndefined(partner([left, child], left, [seed, left, child]))
    const offspring = candidate(3, 0, ["-", "y"], [0, 1, 0], { mergedWith: 1 })
    assert.isUndefined(partner([left, offspring], left, [seed, left, offspring]))
  })

  it("not where what both came from is better than one of them", () => {
    const good = { ...seed, scores: [0, 0, 1] }
    const best = candidate(3, 0, ["x", "-"], [1, 0, 1])
    assert.isDefined(partner([best, right], best, [good, best, right]))
    assert.isUndefined(partner([best, right], best, [{ ...good, scores: [0, 0.5, 1] }, best, right]))
  })

  it("not where one is best at nothing", () => {
    const both = candidate(3, 0, ["p", "q"], [1, 1, 0])
    assert.isUndefined(partner([left, both], left, [seed, left, both]))
  })

  it("not where it has been tried", () => {
    const failed = candidate(3, 1, ["x", "y"], [0, 0, 0], { mergedWith: 2 })
    assert.isUndefined(partner([left, right], right, [seed, left, right, failed]))
  })
})

describe("a merge", () => {
  const parameters = Parameters.make({
    a: Parameter.text("x", { role: "first" }),
    b: Parameter.text("-", { role: "second" })
  })
  const none = Layer.succeed(Optimizer, {
    propose: () =>
      Effect.fail(new OptimizerError({ parameter: "a", reason: new ProposalFailed({ message: "no merge" }) }))
  })
  const knowledge: Knowledge = {
    earlier: new Map(),
    evidence: [],
    candidates: [left, right],
    parent: left,
    lineage: [seed, left, right],
    step: 3,
    sample: 0,
    seed: 0
  }
  const propose = (knowledge: Knowledge, options: Partial<Merge.Options> = {}) =>
    Optimizer.propose(parameters, { of: () => [], entries: new Map() }, knowledge).pipe(
      Effect.map(({ mergedWith, values }) => ({ mergedWith, values: [...values] })),
      Effect.provide(Merge.layer(options).pipe(Layer.provide(none)))
    )
  const nothing = { mergedWith: undefined, values: [] }

  it.effect("says with whom and why, needs no criticism, and is the same when asked again", () =>
    Effect.gen(function* () {
      const once = yield* propose(knowledge)
      assert.deepStrictEqual(once, { mergedWith: 2, values: [["b", "y"]] })
      assert.deepStrictEqual(yield* propose(knowledge), once)
    })
  )

  it.effect("is made after a step that brought something, as the first proposal, and so often", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* propose({ ...knowledge, step: 4 }), nothing)
      assert.deepStrictEqual(yield* propose({ ...knowledge, sample: 1 }), nothing)
      assert.deepStrictEqual(yield* propose(knowledge, { times: 0 }), nothing)
      const merges = [{ ...seed, id: 9, mergedWith: 1, values: {} }]
      const after = { ...knowledge, lineage: [...knowledge.lineage, ...merges] }
      assert.deepStrictEqual(yield* propose(after, { times: 1 }), nothing)
      assert.strictEqual((yield* propose(after, { times: 2 })).mergedWith, 2)
    })
  )

  it.effect("in a run: what two candidates learned comes together without asking the editor", () =>
    Effect.gen(function* () {
      // two parameters, each asked for by its own examples; the editor repairs one and loses the other
      const all = Parameters.make({
        a: Parameter.text("-", { role: "first" }),
        b: Parameter.text("-", { role: "second" })
      })
      const task = Task.make({
        name: "halves",
        parameters: all,
        forward: (p, half: "a" | "b") => Effect.succeed(p[half]),
        metric: (value: string, half: "a" | "b") => ({ score: value === half ? 1 : 0, feedback: `must be ${half}` }),
        train: ["a", "b"],
        validation: ["a", "b"]
      })
      let asked = 0
      const editor = Layer.succeed(Optimizer, {
        propose: ({ sample }) =>
          Effect.sync(() => {
            asked += 1
            const values = sample === 0 ? { a: "a", b: "-" } : { a: "-", b: "b" }
            return { values: new Map(Object.entries(values)), reasons: new Map() }
          })
      })
      const run = (optimizer: Layer.Layer<Optimizer>) =>
        eventsOf(Trainer.fit(task, { steps: 4, batchSize: 2, proposals: 2 })).pipe(
          Effect.provide(Layer.mergeAll(optimizer, Pareto.layer()), { local: true })
        )
      const without = yield* run(editor)
      assert.strictEqual(of(without.events, "RunFinished")[0]?.stopped, "steps")
      asked = 0
      const { events } = yield* run(Merge.layer().pipe(Layer.provide(editor)))
      const { parameters, step, stopped } = of(events, "RunFinished")[0]!
      assert.deepStrictEqual([stopped, step, parameters], ["target", 2, { a: "a", b: "b" }])
      const [first, second, third] = of(events, "Proposed")
      assert.deepStrictEqual(
        [first?.mergedWith, second?.mergedWith, third?.mergedWith !== undefined],
        [undefined, undefined, true]
      )
      assert.strictEqual(asked, 3)
    })
  )

  it.effect("in a run: is validated, though the minibatch shows no gain over what it came from", () =>
    Effect.gen(function* () {
      const task = Task.make({
        name: "halves",
        parameters: Parameters.make({
          a: Parameter.text("-", { role: "first" }),
          b: Parameter.text("-", { role: "second" })
        }),
        forward: (p, half: "a" | "b" | "either") =>
          Effect.succeed(half === "either" ? Variable.constant(p.a.value + p.b.value, "both") : p[half]),
        metric: (value: string, half) => ({
          score: value === half || (half === "either" && value !== "--") ? 1 : 0,
          feedback: ""
        }),
        train: ["either"],
        validation: ["a", "b"]
      })
      const editor = Layer.succeed(Optimizer, {
        differentiates: false,
        propose: ({ sample }) =>
          Effect.succeed({
            values: new Map(Object.entries(sample === 0 ? { a: "a", b: "-" } : { a: "-", b: "b" })),
            reasons: new Map()
          })
      })
      const options = { steps: 4, batchSize: 1, proposals: 2, minibatchGate: "strictGain" } as const
      const { events } = yield* eventsOf(Trainer.fit(task, options)).pipe(
        Effect.provide(Layer.mergeAll(Merge.layer().pipe(Layer.provide(editor)), Pareto.layer()))
      )
      const { parameters, step, stopped } = of(events, "RunFinished")[0]!
      assert.deepStrictEqual([stopped, step, parameters], ["target", 2, { a: "a", b: "b" }])
    })
  )
})
