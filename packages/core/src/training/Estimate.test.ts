import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Schema, Stream } from "effect"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import type { ScoreInvalid } from "../loss/Verdict.ts"
import type { BackwardModel, Models as ModelRoles, TextModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import * as Template from "../operation/Template.ts"
import * as Bootstrap from "../optimizer/Bootstrap.ts"
import * as Compose from "../optimizer/Compose.ts"
import * as Contrast from "../optimizer/Contrast.ts"
import * as Merge from "../optimizer/Merge.ts"
import * as Momentum from "../optimizer/Momentum.ts"
import * as Mipro from "../optimizer/mipro/Mipro.ts"
import * as Opro from "../optimizer/Opro.ts"
import type { Optimizer } from "../optimizer/Optimizer.ts"
import * as ProTeGi from "../optimizer/ProTeGi.ts"
import * as Reflection from "../optimizer/Reflection.ts"
import * as Revolve from "../optimizer/Revolve.ts"
import * as SampledMomentum from "../optimizer/SampledMomentum.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Trace from "../optimizer/Trace.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Models from "../policy/Models.ts"
import * as Price from "../policy/Price.ts"
import { UsageMeter } from "../policy/UsageMeter.ts"
import * as Structured from "../reply/Structured.ts"
import * as Beam from "../selector/Beam.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Estimate from "./Estimate.ts"
import { smallest } from "./smallest.ts"
import * as Trainer from "./Trainer.ts"

const student = Models.layer({ forward: StudentModel.layer() })
const tgd = TextualGradientDescent.layer().pipe(Layer.provide(student))
const gate = Layer.merge(ValidationGate.layer(), tgd)
const identity = { provider: "openai", model: "m" }
const models = { forward: identity, backward: identity, optimizer: identity }
const prices = Price.layer({ m: { input: 1, output: 10 } })

type Optimizing = Layer.Layer<Optimizer, never, ModelRoles>
const over = (outer: Layer.Layer<Optimizer, never, ModelRoles | Optimizer>, inner: Optimizing): Optimizing =>
  outer.pipe(Layer.provide(inner))

const editor: Optimizing = TextualGradientDescent.layer()
const optimizers: Readonly<Record<string, Optimizing>> = {
  tgd: editor,
  momentum: over(Momentum.layer(), editor),
  "sampled momentum": over(SampledMomentum.layer(), editor),
  revolve: Revolve.layer(),
  contrast: over(Contrast.layer(), editor),
  protegi: ProTeGi.layer(),
  "protegi, often in other words": ProTeGi.layer({ paraphrases: 2 }),
  trace: Trace.layer(),
  opro: Opro.layer(),
  reflection: Reflection.layer(),
  "reflection on all": Reflection.layer({ which: "all" }),
  merge: over(Merge.layer(), editor),
  gepa: over(Merge.layer(), Reflection.layer()),
  bootstrap: Bootstrap.layer(),
  mipro: Mipro.layer({ candidates: 12 }),
  portfolio: Compose.portfolio<Optimizing>(editor, Reflection.layer(), over(Contrast.layer(), editor))
}

const widths: ReadonlyArray<Partial<Trainer.Options>> = [
  {},
  { parents: 2, proposals: 3, minibatchGate: "strictGain" },
  { parents: 3, proposals: 3, screen: { keep: 1, examples: 1 }, repeat: { times: 2 } },
  { proposals: 2, parameters: "roundRobin" }
]

/** The same task with its instructions in two parameters. */
const twoParts = (task: ReturnType<typeof StudentModel.task>) =>
  Task.make({
    ...task,
    parameters: Parameters.make({
      manner: Parameter.text("Be brief.", { role: "how the student speaks" }),
      instructions: Parameter.text("Answer the message with its code.", { role: "instructions of the student" })
    }),
    forward: (p: { manner: Variable.Variable<string>; instructions: Variable.Variable<string> }, { message }) =>
      Generate.text({
        system: Template.make`${p.manner}\n${p.instructions}`,
        prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
        role: "answer to the message"
      }),
    metric: task.metric
  })

/** What a run asks lies within its estimate. */
const holds = Effect.fnUntraced(function* <P extends Parameters.Any, Ex>(
  task: Task.Task<P, Ex, string, TextModelError | ScoreInvalid, TextModel, BackwardModel>,
  optimizer: Optimizing,
  width: Partial<Trainer.Options>
) {
  const options = { steps: 3, batchSize: 3, ...width }
  // it forgets, so that some of what it proposes is worse and is not kept
  const forgetful = Models.layer({ forward: StudentModel.layer({ forgetful: 200 }) })
  const [{ assumed, calls }, events] = yield* Effect.all([
    Estimate.of(task, options),
    Stream.runCollect(Trainer.fit(task, { ...options, target: 2 }))
  ]).pipe(Effect.provide(optimizer, { local: true }), Effect.provide(forgetful, { local: true }))
  assert.deepStrictEqual(assumed, [])
  const asked = events.at(-1)!.usage.calls
  assert.isTrue(calls.low <= asked && asked <= calls.high, `${calls.low} <= ${asked} <= ${calls.high}`)
})

describe("the estimate of a run", () => {
  it.effect("holds the calls that the run makes, and its first proposal", () =>
    Effect.gen(function* () {
      for (const [steps, batchSize, rules] of [
        [3, 2, 4],
        [6, 4, 9],
        [1, 1, 1]
      ] as const) {
        const task = StudentModel.task({ rules })
        const estimate = yield* Estimate.of(task, { steps, batchSize })
        assert.deepStrictEqual(estimate.assumed, [])
        const events = yield* Stream.runCollect(Trainer.fit(task, { steps, batchSize, target: 2 })).pipe(
          Effect.provide(editor, { local: true }),
          Effect.provide(student, { local: true })
        )
        const { calls } = events.at(-1)!.usage
        assert.isAtMost(estimate.calls.low, calls)
        assert.isAtLeast(estimate.calls.high, calls)
        const judged = events.find(({ _tag }) => _tag === "Accepted" || _tag === "Rejected")!
        assert.isAtMost(estimate.first.calls.low, judged.usage.calls)
        assert.isAtLeast(estimate.first.calls.high, judged.usage.calls)
      }
    }).pipe(Effect.provide(gate))
  )

  for (const [name, optimizer] of Object.entries(optimizers)) {
    it.effect(`is never too low for ${name}, however wide it searches`, () =>
      Effect.gen(function* () {
        for (const width of widths) {
          const task = StudentModel.task({ rules: 6, sizes: { train: 9, validation: 6, test: 1 } })
          yield* holds(task, optimizer, width)
          yield* holds(twoParts(task), optimizer, width)
        }
      }).pipe(Effect.provide(Beam.layer()))
    )
  }

  it.effect("counts no critic for an optimizer that reads none, and one parameter where one may change", () =>
    Effect.gen(function* () {
      const task = twoParts(StudentModel.task())
      const high = (optimizer: Optimizing, options: Partial<Trainer.Options> = {}) =>
        Effect.map(
          Effect.provide(Estimate.of(task, { steps: 1, batchSize: 4, ...options }), Layer.provide(optimizer, student), {
            local: true
          }),
          ({ calls }) => calls.high
        )
      const judging = 2 * task.validation.length + 4
      assert.strictEqual(yield* high(Bootstrap.layer()), judging)
      assert.strictEqual(yield* high(Trace.layer()), judging + 1)
      assert.strictEqual(yield* high(Reflection.layer()), judging + 1)
      assert.strictEqual(yield* high(Opro.layer()), judging + 2)
      assert.strictEqual(yield* high(TextualGradientDescent.layer()), judging + 4 + 2)
      assert.strictEqual(yield* high(TextualGradientDescent.layer(), { parameters: "roundRobin" }), judging + 4 + 1)
      assert.strictEqual(yield* high(over(Contrast.layer(), editor)), judging + 4 + 2 + 2)
      assert.strictEqual(yield* high(Mipro.layer()), judging + 2 + 1)
      assert.strictEqual(yield* high(over(Merge.layer(), Reflection.layer())), judging + 1)
      assert.strictEqual(yield* high(Compose.alternate(Opro.layer(), Trace.layer())), judging + 2)
    }).pipe(Effect.provide(ValidationGate.layer()))
  )

  it.effect("asks no model, and is in dollars where the prices of all roles are known", () =>
    Effect.gen(function* () {
      const task = StudentModel.task()
      const estimate = yield* Estimate.of(task, { models, steps: 2, tests: 30 })
      const { usd, calls, tokens } = estimate
      if (usd === undefined) return assert.fail("no dollars")
      for (const { low, high } of [usd, calls, tokens]) assert.isTrue(0 < low && low < high)
      assert.isTrue(usd.low * 1e6 > tokens.low && usd.high * 1e6 < 10 * tokens.high)
      const unknown = { ...models, backward: { ...identity, model: "other" } }
      assert.isUndefined((yield* Estimate.of(task, { models: unknown })).usd)
      assert.isUndefined((yield* Estimate.of(task, {})).usd)
      assert.strictEqual((yield* (yield* UsageMeter).read).calls, 0)
    }).pipe(Effect.provide([gate, prices]))
  )

  it.effect("counts no validation where the selector wants none", () =>
    Effect.gen(function* () {
      const task = StudentModel.task()
      const [without, withGate] = [
        yield* Effect.provide(Estimate.of(task), [Latest.layer, tgd], { local: true }),
        yield* Effect.provide(Estimate.of(task), gate, { local: true })
      ]
      assert.isBelow(without.calls.high, withGate.calls.high)
    })
  )

  it.effect("says what it assumes where the program cannot be tried without a model", () =>
    Effect.gen(function* () {
      const student = StudentModel.task()
      for (const forward of [
        () => Effect.die(new Error("no tool here")),
        () =>
          Effect.flatMap(Generate.text({ prompt: "?", role: "code" }), () => Effect.fail("x is no program" as never))
      ]) {
        const estimate = yield* Estimate.of({ ...student, forward } as typeof student, { steps: 1, batchSize: 1 })
        assert.match(estimate.assumed.join(), /no tool here|x is no program/)
        const v = student.validation.length
        assert.deepStrictEqual(estimate.calls, { low: v + 1, high: 2 * v + 3 })
      }
    }).pipe(Effect.provide(gate))
  )

  it.effect("warns of a budget that pays for no proposal, and of no other", () =>
    Effect.gen(function* () {
      const estimate = yield* Estimate.of(StudentModel.task(), { models })
      const { calls, tokens, usd } = estimate.first
      assert.isUndefined(Estimate.warning(estimate, {}))
      assert.isUndefined(
        Estimate.warning(estimate, { calls: calls.low, tokens: tokens.low, usd: usd!.low, time: "1 second" })
      )
      assert.include(Estimate.warning(estimate, { calls: calls.low - 1 }), `${calls.low} calls`)
      assert.include(Estimate.warning(estimate, { tokens: 10 }), "10 tokens cannot pay for one proposal")
      assert.include(Estimate.warning(estimate, { usd: 0.000001 }), "$0.000001")
    }).pipe(Effect.provide([gate, prices]))
  )
})

describe("the stand-in's reply", () => {
  const shapes = [
    Schema.Struct({ a: Schema.String, b: Schema.optionalKey(Schema.Finite) }),
    Schema.Struct({
      score: Schema.Finite.check(Schema.isBetween({ minimum: 0.2, maximum: 1 })),
      why: Schema.NonEmptyString
    }),
    Schema.Struct({ list: Schema.Array(Schema.Struct({ n: Schema.Int })).check(Schema.isMinLength(2)) }),
    Schema.Struct({ kind: Schema.Literals(["one", "two"]), either: Schema.Union([Schema.Boolean, Schema.Null]) }),
    Schema.Struct({
      tagged: Schema.TaggedStruct("T", { inner: Schema.Tuple([Schema.Int]) }),
      n: Schema.NullOr(Schema.Int)
    })
  ]

  for (const [i, schema] of shapes.entries()) {
    it(`is of the shape that is asked for: ${i + 1}`, () => {
      const format = Structured.of("reply", schema as Schema.Codec<unknown, unknown>)
      const read = format.read(JSON.stringify(smallest(format.output.jsonSchema)))
      assert.strictEqual(read._tag, "Success", JSON.stringify(format.output.jsonSchema))
    })
  }

  it.effect.prop("ends for any schema at all", [Arbitrary.schema(Schema.Json)], ([schema]) =>
    Effect.sync(() => void smallest(schema))
  )
})
