import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema, Stream } from "effect"
import * as Generate from "../generate/Generate.ts"
import * as ProTeGi from "../optimizer/ProTeGi.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Models from "../policy/Models.ts"
import * as Price from "../policy/Price.ts"
import { UsageMeter } from "../policy/UsageMeter.ts"
import * as Structured from "../reply/Structured.ts"
import * as Beam from "../selector/Beam.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Estimate from "./Estimate.ts"
import { smallest } from "./smallest.ts"
import * as Trainer from "./Trainer.ts"

const gate = ValidationGate.layer()
const identity = { provider: "openai", model: "m" }
const models = { forward: identity, backward: identity, optimizer: identity }
const prices = Price.layer({ m: { input: 1, output: 10 } })

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
          Effect.provide(TextualGradientDescent.layer()),
          Effect.provide(Models.layer({ forward: StudentModel.layer() }), { local: true })
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

  it.effect("holds the calls of a run that searches wide", () =>
    Effect.gen(function* () {
      const task = StudentModel.task({ rules: 9 })
      const options = { steps: 3, batchSize: 4, parents: 2, proposals: 3, minibatchGate: "strictGain" } as const
      for (const more of [{}, { screen: { keep: 1, examples: 4 } }]) {
        const estimate = yield* Estimate.of(task, { ...options, ...more })
        assert.isAbove(estimate.calls.high, (yield* Estimate.of(task, { steps: 3, batchSize: 4 })).calls.high)
        const events = yield* Stream.runCollect(Trainer.fit(task, { ...options, ...more, target: 2 })).pipe(
          Effect.provide([ProTeGi.layer({ paraphrases: 0 }), Beam.layer()]),
          Effect.provide(Models.layer({ forward: StudentModel.layer() }), { local: true })
        )
        assert.isTrue(events.some(({ _tag }) => _tag === "Accepted"))
        assert.isAtLeast(estimate.calls.high, events.at(-1)!.usage.calls)
        assert.isAtMost(estimate.calls.low, events.at(-1)!.usage.calls)
      }
    }).pipe(Effect.provide(gate))
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
        yield* Effect.provide(Estimate.of(task), Latest.layer, { local: true }),
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
