import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import * as Backward from "../autograd/Backward.ts"
import type { BackwardError } from "../graph/BackwardError.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Variable from "../graph/Variable.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Operation from "./Operation.ts"

const { query } = Parameters.make({ query: Parameter.text("cats", { role: "search query" }) })

class Index extends Context.Service<Index, { readonly search: (query: string, limit: number) => string }>()("Index") {}
class Log extends Context.Service<Log, { readonly note: (line: string) => Effect.Effect<void> }>()("Log") {}

const lookup = Operation.make({
  name: "Lookup",
  role: "what was found",
  forward: (text: string, limit: number) =>
    Effect.map(Index, (index) => [index.search(text, limit), { text, limit }] as const),
  backward: ({ limit, text }, feedback, wanted) =>
    Effect.map(
      Log,
      () =>
        [
          [...feedback, Feedback.make(`searched for ${text}, at most ${limit}`, { from: "Lookup" })],
          [Feedback.make(String(wanted), { from: "Lookup" })]
        ] as const
    )
})

const index = Effect.provideService(Index, { search: (text, limit) => `${limit} of ${text}` })

describe("Operation.make", () => {
  it.effect("runs forward on the values, and keeps the residual for backward", () =>
    Effect.gen(function* () {
      const limit = Variable.constant(3, "limit")
      const found = yield* index(lookup(query, limit))
      assert.deepInclude(found, { value: "3 of cats", role: "what was found" })
      assert.deepStrictEqual(found.origin._tag === "Operation" && found.origin.inputs, [query, limit])
      const gradients = yield* Effect.provideService(Backward.run(found), Log, { note: () => Effect.void })
      assert.deepStrictEqual(gradients.of(query), [
        Feedback.objective,
        Feedback.make("searched for cats, at most 3", { from: "Lookup" })
      ])
      assert.deepStrictEqual(gradients.of(limit), [])
    })
  )

  it.effect("is told which inputs are wanted", () =>
    Effect.gen(function* () {
      const found = yield* index(lookup(query, Variable.constant(3, "limit")))
      const gradients = yield* Effect.provideService(
        Backward.run(found, { targets: ({ role }) => role === "limit" }),
        Log,
        { note: () => Effect.void }
      )
      const [constant] = found.origin._tag === "Operation" ? found.origin.inputs.slice(1) : []
      assert.deepStrictEqual(gradients.of(constant!), [Feedback.make("false,true", { from: "Lookup" })])
    })
  )

  it("carries what forward needs in the effect, and what backward needs in the variable", () => {
    const found = lookup(query, Variable.constant(3, "limit"))
    expectTypeOf(found).toEqualTypeOf<Effect.Effect<Variable.Variable<string, Log>, never, Index>>()
    const run = Effect.flatMap(found, (variable) => Backward.run(variable))
    expectTypeOf<Effect.Services<typeof run>>().toEqualTypeOf<Index | Log>()
    expectTypeOf<Effect.Error<typeof run>>().toEqualTypeOf<BackwardError>()
    const pure = Backward.run(query)
    expectTypeOf<Effect.Services<typeof pure>>().toEqualTypeOf<never>()
  })

  it.effect("a failure of forward is the program's own", () =>
    Effect.gen(function* () {
      const failing = Operation.make({
        name: "Failing",
        role: "nothing",
        forward: (_text: string) => Effect.fail("no such page" as const),
        backward: () => Effect.succeed([[]] as const)
      })
      assert.strictEqual(yield* Effect.flip(failing(query)), "no such page")
    })
  )
})

describe("stopGradient", () => {
  it.effect("keeps value and role, and lets nothing back", () =>
    Effect.gen(function* () {
      const stopped = Operation.stopGradient(query)
      assert.deepInclude(stopped, { value: "cats", role: "search query" })
      const gradients = yield* Backward.run(stopped)
      assert.strictEqual(gradients.entries.size, 0)
    })
  )

  it.effect("drops the services that differentiating what is behind it would need", () =>
    Effect.gen(function* () {
      const found = yield* index(lookup(query, Variable.constant(3, "limit")))
      const stopped = Operation.stopGradient(found)
      expectTypeOf(stopped).toEqualTypeOf<Variable.Variable<string>>()
      assert.strictEqual((yield* Backward.run(stopped)).entries.size, 0)
    })
  )
})
