import { Parameter, Parameters, Variable } from "@backprose/core"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"

const Settings = Schema.Struct({
  temperature: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 2 })),
  stops: Schema.Array(Schema.String)
})

const specs = {
  solver: {
    instructions: Parameter.text("Answer.", {
      role: "system prompt of the solver",
      constraints: ["at most 200 words"]
    }),
    settings: Parameter.schema(Settings, { temperature: 0, stops: [] }, { role: "sampling of the solver" })
  },
  start: Parameter.schema(Schema.Date, new Date(0), { role: "first day" })
}
const parameters = Parameters.make(specs)

const problem = (saved: unknown) => Effect.flip(Parameters.load(parameters, saved))

describe("Parameters.make", () => {
  it("keeps the nesting and names each parameter by its path", () => {
    const { instructions } = parameters.solver
    assert.strictEqual(instructions.value, "Answer.")
    assert.strictEqual(instructions.role, "system prompt of the solver")
    assert.strictEqual(Variable.parameterName(instructions), "solver.instructions")
    assert.deepStrictEqual(
      Parameters.entries(parameters).map(({ name, origin }) => [name, origin.constraints]),
      [
        ["solver.instructions", ["at most 200 words"]],
        ["solver.settings", []],
        ["start", []]
      ]
    )
  })

  it("gives each parameter the type of its value", () => {
    expectTypeOf(parameters.solver.instructions).toEqualTypeOf<Variable.Variable<string>>()
    expectTypeOf(parameters.solver.settings).toEqualTypeOf<Variable.Variable<typeof Settings.Type>>()
    expectTypeOf(parameters.start.value).toEqualTypeOf<Date>()
    expectTypeOf<keyof typeof parameters>().toEqualTypeOf<"solver" | "start">()
    expectTypeOf(parameters).toExtend<Parameters.Any>()
    // @ts-expect-error there is no such parameter
    assert.isUndefined(parameters.solver.instruction)
  })

  it("takes initial values of the schema's own type only", () => {
    // @ts-expect-error a number is no text
    Parameter.schema(Schema.String, 1, { role: "text" })
    // @ts-expect-error a role is not optional
    Parameter.text("a", {})
  })
})

describe("Parameters.replace", () => {
  it("puts new values in place of old ones and changes nothing else", () => {
    const next = Parameters.replace(parameters, new Map<string, unknown>([["solver.instructions", "Think first."]]))
    assert.strictEqual(next.solver.instructions.value, "Think first.")
    assert.strictEqual(next.solver.instructions.origin, parameters.solver.instructions.origin)
    assert.strictEqual(next.solver.settings, parameters.solver.settings)
    assert.strictEqual(parameters.solver.instructions.value, "Answer.")
    expectTypeOf(next).toEqualTypeOf<typeof parameters>()
  })

  it("can set a value to undefined, which is not the same as leaving it", () => {
    const optional = Parameters.make({ limit: Parameter.schema(Schema.UndefinedOr(Schema.Int), 3, { role: "limit" }) })
    assert.isUndefined(Parameters.replace(optional, new Map([["limit", undefined]])).limit.value)
    assert.strictEqual(Parameters.replace(optional, new Map()).limit.value, 3)
  })
})

describe("Parameters.save and load", () => {
  it.effect("writes JSON by name and reads it back through the schemas", () =>
    Effect.gen(function* () {
      const values = new Map<string, unknown>([
        ["solver.settings", { temperature: 0.5, stops: ["\n"] }],
        ["start", new Date(86_400_000)]
      ])
      const saved = Parameters.save(Parameters.replace(parameters, values))
      assert.deepStrictEqual(saved, {
        "solver.instructions": "Answer.",
        "solver.settings": { temperature: 0.5, stops: ["\n"] },
        start: "1970-01-02T00:00:00.000Z"
      })
      const loaded = yield* Parameters.load(parameters, JSON.parse(JSON.stringify(saved)))
      assert.deepStrictEqual(loaded.solver.settings.value, { temperature: 0.5, stops: ["\n"] })
      assert.deepStrictEqual(loaded.start.value, new Date(86_400_000))
      expectTypeOf(loaded).toEqualTypeOf<typeof parameters>()
    })
  )

  it.effect("leaves alone what is not in the file", () =>
    Effect.gen(function* () {
      const loaded = yield* Parameters.load(parameters, { "solver.instructions": "Think." })
      assert.strictEqual(loaded.solver.instructions.value, "Think.")
      assert.deepStrictEqual(loaded.start.value, new Date(0))
    })
  )

  const round = <A>(name: string, schema: Schema.Codec<A, any>, values = Arbitrary.schema(schema)) =>
    it.effect.prop(
      `round trip: ${name}`,
      [values],
      ([value]) =>
        Effect.gen(function* () {
          const of = (initial: A) =>
            Parameters.make({ a: { b: Parameter.schema(schema, initial, { role: "any value" }) } })
          const json = JSON.stringify(Parameters.save(of(value)))
          const loaded = yield* Parameters.load(of(value), JSON.parse(json))
          assert.isTrue(Schema.toEquivalence(schema)(loaded.a.b.value as A, value), json)
          assert.strictEqual(JSON.stringify(Parameters.save(loaded)), json)
        }),
      { arbitrary: { runs: 200 } }
    )
  round(
    "texts",
    Parameter.Text,
    Arbitrary.map(Arbitrary.schema(Schema.String), (text) => `.${text}`)
  )
  round("records with checks", Settings)
  round("dates", Schema.Date)
  round("options", Schema.Option(Schema.Int))
  round("maps", Schema.HashMap(Schema.String, Schema.Finite))
  round("big integers", Schema.BigInt)
  round("bytes", Schema.Uint8Array)
  round("unions", Schema.Union([Schema.TaggedStruct("A", { n: Schema.Finite }), Schema.TaggedStruct("B", {})]))

  it.effect("refuses a name that is not there, and says which are", () =>
    Effect.gen(function* () {
      const error = yield* problem({ "solver.instruction": "Think." })
      assert.strictEqual(error._tag, "ParametersInvalid")
      assert.strictEqual(error.name, "solver.instruction")
      assert.include(error.message, "solver.instruction")
      assert.include(error.message, "solver.instructions, solver.settings, start")
    })
  )

  it.effect("refuses a value that does not fit, names it and changes nothing", () =>
    Effect.gen(function* () {
      for (const [name, value] of [
        ["solver.instructions", "  "],
        ["solver.instructions", 7],
        ["solver.settings", { temperature: 3, stops: [] }],
        ["start", "yesterday"]
      ] as const) {
        const error = yield* problem({ "solver.instructions": "Think.", [name]: value })
        assert.strictEqual(error._tag, "ParametersInvalid")
        assert.strictEqual(error.name, name)
        assert.include(error.message, name)
      }
      assert.strictEqual(parameters.solver.instructions.value, "Answer.")
    })
  )

  it.effect("refuses what is no object of names", () =>
    Effect.gen(function* () {
      for (const saved of [null, "text", [], 3, undefined]) {
        assert.strictEqual((yield* problem(saved))._tag, "ParametersInvalid")
      }
    })
  )
})
