/**
 * Random graphs for property tests, as `effect/Arbitrary` values: diamonds, duplicate inputs, several roots, several
 * parameters, constants, sums and stopped gradients, shrinking to a few nodes. The one file that touches
 * `effect/Arbitrary`, which is unstable.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Blueprint, Formula, Kind, Step } from "./Blueprint.ts"

/** How large graphs may become. */
export interface Size {
  /** Default 12. The number of paths may grow as `inputs` to the power of `nodes`. */
  readonly nodes: number
  /** The input slots of an operation, 3 at most. Default 3. */
  readonly inputs: number
  /** Default 3. */
  readonly roots: number
}

const defaults: Size = { nodes: 12, inputs: 3, roots: 3 }

// smaller numbers are what shrinking tries first: towards parameters, the simplest formula, the step just before
const kinds: ReadonlyArray<Kind> = [
  "parameter",
  "parameter",
  "operation",
  "operation",
  "operation",
  "operation",
  "sum",
  "sum",
  "constant",
  "stop"
]
const formulas: ReadonlyArray<Formula> = ["mean", "sine", "product", "difference"]

const below = (limit: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: limit - 1 }))

// the index chooses, so that shrinking moves to the first; inputs that a step has no use for are not used
const arities = [1, 2, 3, 2, 3, 0]

const Draft = Schema.Struct({
  /** 0 leaves the step out: drafts are as many as there may be nodes, and shrinking drops them one by one. */
  present: below(6),
  kind: below(kinds.length),
  arity: below(arities.length),
  inputs: Schema.Tuple([below(64), below(64), below(64)]),
  value: below(201),
  formula: below(formulas.length),
  delay: below(5)
})
type Draft = typeof Draft.Type

/**
 * Graphs as blueprints: build one with `Tagged.build` or `Numbers.build`, or read its steps to build your own.
 *
 * **Example**
 *
 * ```ts
 * import { Backward, Graph } from "@backprose/core"
 * import { Generators, Tagged } from "@backprose/testing"
 * import { assert, it } from "@effect/vitest"
 * import { Effect } from "effect"
 *
 * it.effect.prop("a pass is never longer than its graph", [Generators.blueprints({ nodes: 8 })], ([blueprint]) =>
 *   Effect.gen(function* () {
 *     const { calls, roots } = Tagged.build(blueprint)
 *     yield* Backward.run(roots)
 *     assert.isAtMost((yield* calls).length, Graph.make(roots).nodes.length)
 *   })
 * )
 * ```
 */
export const blueprints = (size: Partial<Size> = {}): Arbitrary.Arbitrary<Blueprint> => {
  const { inputs, nodes, roots } = { ...defaults, ...size }
  return Arbitrary.map(
    Arbitrary.all({
      drafts: Arbitrary.array(Arbitrary.schema(Draft), { minLength: nodes, maxLength: nodes }),
      count: Arbitrary.schema(below(nodes)),
      roots: Arbitrary.array(Arbitrary.schema(below(64)), { minLength: 1, maxLength: roots })
    }),
    ({ count, drafts, roots }) => {
      const [first, ...rest] = drafts.slice(0, count + 1)
      return resolve([first!, ...rest.filter(({ present }) => present > 0)], roots, inputs)
    }
  )
}

// any numbers are a graph: an input is counted backwards from its step, modulo what is there
const resolve = (drafts: ReadonlyArray<Draft>, roots: ReadonlyArray<number>, maxInputs: number): Blueprint => {
  const steps: Array<Step> = []
  const nested: Array<number> = []
  drafts.forEach((draft, i) => {
    const inputs =
      i === 0 ? [] : draft.inputs.slice(0, Math.min(maxInputs, arities[draft.arity]!)).map((back) => i - 1 - (back % i))
    const drawn = kinds[draft.kind]!
    const depth = 1 + Math.max(0, ...inputs.map((input) => nested[input]!))
    // sums of sums of sums would make slopes that no finite difference can follow
    const kind = drawn === "sum" && depth > 2 ? "operation" : drawn === "stop" && i === 0 ? "constant" : drawn
    const isLeaf = kind === "parameter" || kind === "constant"
    nested.push(kind === "sum" ? depth : 0)
    steps.push({
      kind,
      inputs: isLeaf ? [] : kind === "stop" ? [inputs[0] ?? i - 1] : inputs,
      value: (draft.value - 100) / 100,
      formula: formulas[draft.formula]!,
      delay: draft.delay * 10
    })
  })
  return { steps, roots: roots.map((back) => steps.length - 1 - (back % steps.length)) }
}

/** How a property is checked. */
export interface CheckOptions {
  /** How many graphs. Default 200. */
  readonly runs?: number
  /** Where the randomness starts. Default 0: the same graphs each time. */
  readonly seed?: number
}

/** Checks a property: `undefined` where it holds, else the smallest counterexample found, described for people. */
export const check = <A, E, R>(
  arbitrary: Arbitrary.Arbitrary<A>,
  property: (value: A) => Effect.Effect<boolean, E, R>,
  options: CheckOptions = {}
): Effect.Effect<string | undefined, never, R> =>
  Effect.map(
    Arbitrary.checkEffect(arbitrary, property, { runs: options.runs ?? 200, seed: options.seed ?? 0 }),
    Arbitrary.formatCheckFailure
  )
