/**
 * The laws of the backward fold, each on one graph.
 */
import { type Backward, type BackwardError, GradientMap, Graph, type Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { type Blueprint, consumers, reaching } from "../generators/Blueprint.ts"
import { type Built, textOf } from "../generators/Built.ts"
import { examples } from "../generators/examples.ts"
import * as Numbers from "../generators/Numbers.ts"
import * as Tagged from "../generators/Tagged.ts"
import * as Law from "./Law.ts"

/** What is under test: `Backward.run`, or another fold that promises the same. */
export type Fold = (
  losses: ReadonlyArray<Variable.Variable<unknown>>,
  options?: Backward.Options
) => Effect.Effect<GradientMap.GradientMap, BackwardError.BackwardError>

type FoldLaw = Law.Law<Fold, Blueprint>

/** How many pullbacks at once the laws are checked with; the last is no limit. */
const concurrencies = [1, 4, Number.POSITIVE_INFINITY]

/** Runs a fold whose pullbacks take time, on a clock of its own. */
const inTime = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("1 hour")
    if (fiber.pollUnsafe() === undefined) return yield* Effect.die("the fold did not end within an hour")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()))

/** What each step received, in words. */
const received = (built: Built, gradients: GradientMap.GradientMap): ReadonlyArray<ReadonlyArray<string>> =>
  built.variables.map((variable) => gradients.of(variable).map(textOf))

const sorted = (all: ReadonlyArray<ReadonlyArray<string>>) => all.map((texts) => [...texts].sort())

/** The steps whose pullbacks must run: those with something to hear and someone to tell. */
const asked = (blueprint: Blueprint, expected: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<number> =>
  blueprint.steps.flatMap(({ kind }, step) => (expected[step]!.length > 0 && kind !== "parameter" ? [step] : []))

export const exactlyOnce: FoldLaw = Law.make(
  "each pullback runs exactly once, after all consumers of its output, with all their feedback in order",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    const expected = Tagged.expected(blueprint)
    const steps = asked(blueprint, expected)
    for (const concurrency of concurrencies) {
      const built = Tagged.build(blueprint, { delayed: true })
      const gradients = yield* inTime(fold(built.roots, { concurrency }))
      const calls = yield* built.calls
      const at = `at concurrency ${concurrency}`
      const ran = calls.map(({ step }) => step).sort((a, b) => a - b)
      yield* law.expect(
        `the list of pullbacks that ran ${at}`,
        ran,
        [...steps].sort((a, b) => a - b)
      )
      for (const call of calls) {
        yield* law.expect(`the feedback to step ${call.step} ${at}`, call.feedback.map(textOf), expected[call.step])
        const early = consumers(blueprint, call.step)
          .map(({ consumer }) => consumer)
          .filter((consumer) => steps.includes(consumer) && !call.after.has(consumer))
        yield* law.expect(`the list of consumers that step ${call.step} did not wait for ${at}`, early, [])
      }
      yield* law.expect(`the gradients ${at}`, received(built, gradients), expected)
    }
  })
)

export const edgesOnce: FoldLaw = Law.make(
  "an edge contributes once: diamonds and duplicate inputs are neither lost nor doubled",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    const built = Tagged.build(blueprint)
    const gradients = yield* fold(built.roots)
    yield* law.expect("the ways from the roots", sorted(received(built, gradients)), sorted(Tagged.paths(blueprint)))
  })
)

export const pruned: FoldLaw = Law.make(
  "no pullback runs for a part that reaches no parameter, and constants never receive feedback",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    const built = Tagged.build(blueprint)
    const gradients = yield* fold(built.roots)
    const reaches = reaching(blueprint)
    for (const { step, wanted } of yield* built.calls) {
      yield* law.expect(`whether step ${step} reaches a parameter`, reaches[step], true)
      const inputs = blueprint.steps[step]!.inputs.map((input) => reaches[input]!)
      yield* law.expect(`what step ${step} is told is wanted`, wanted, inputs)
    }
    const idle = built.variables.filter((variable, step) => !reaches[step] && gradients.entries.has(variable))
    yield* law.expect(
      "the list of other steps with feedback",
      idle.map(({ role }) => role),
      []
    )
  })
)

export const derivatives: FoldLaw = Law.make(
  "with numbers in place of words, the fold gives the derivatives",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    const built = Numbers.build(blueprint)
    const slopes = Numbers.slopes(built, yield* fold(built.roots))
    const near = (tolerance: number, others: ReadonlyArray<number>) =>
      slopes.every((slope, i) => Math.abs(slope - others[i]!) <= tolerance * Math.max(1, Math.abs(slope)))
    const forward = Numbers.forwardMode(blueprint)
    if (!near(1e-9, forward)) yield* law.expect("the gradient", slopes, forward)
    const finite = Numbers.finiteDifferences(blueprint)
    if (!near(1e-4, finite)) yield* law.expect("the gradient", slopes, finite)
  })
)

/** A graph as plain data. */
const view = (roots: ReadonlyArray<Variable.Variable<unknown>>) => {
  const graph = Graph.make(roots)
  return {
    inputs: graph.inputs,
    roots: graph.roots,
    nodes: graph.nodes.map(({ origin, role, value }) => ({
      role,
      value,
      origin: origin._tag,
      name: origin._tag === "Constant" ? "" : origin.name,
      inputs: origin._tag === "Operation" ? origin.inputs.length : 0
    }))
  }
}

const freeze = (built: Built): void => {
  for (const variable of built.variables) {
    Object.freeze(variable)
    Object.freeze(variable.origin)
    if (variable.origin._tag === "Operation") Object.freeze(variable.origin.inputs)
  }
  Object.freeze(built.variables)
  Object.freeze(built.roots)
}

export const immutable: FoldLaw = Law.make(
  "a graph is a value: built twice it is equal, and the fold changes nothing",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    const built = Tagged.build(blueprint)
    const again = Tagged.build(blueprint)
    const before = view(built.roots)
    yield* law.expect("the graph of a second forward pass", view(again.roots), before)
    freeze(built)
    const first = yield* fold(built.roots)
    yield* law.expect("the graph after the fold", view(built.roots), before)
    yield* law.expect("what a second fold gives", received(built, yield* fold(built.roots)), received(built, first))
    yield* law.expect(
      "what the fold of an equal graph gives",
      received(again, yield* fold(again.roots)),
      received(built, first)
    )
  })
)

export const monoid: FoldLaw = Law.make(
  "gradient maps are a monoid",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    const built = Tagged.build(blueprint)
    const a = yield* fold(built.roots.slice(0, 1))
    const b = yield* fold(built.roots)
    const c = yield* fold(built.roots.slice(-1))
    const shown = (gradients: GradientMap.GradientMap) =>
      [...gradients.entries].map(([variable, feedback]) => [built.variables.indexOf(variable as never), feedback])
    const { combine, combineAll, empty } = GradientMap
    yield* law.expect("a map after the empty one", shown(combine(empty, b)), shown(b))
    yield* law.expect("a map before the empty one", shown(combine(b, empty)), shown(b))
    yield* law.expect("(a b) c", shown(combine(combine(a, b), c)), shown(combine(a, combine(b, c))))
    yield* law.expect("all at once", shown(combineAll([a, b, c])), shown(combine(combine(a, b), c)))
    yield* law.expect("none at all", shown(combineAll([])), shown(empty))
  })
)

export const batch: FoldLaw = Law.make(
  "the gradient of a batch is the combination of its examples' gradients, in their order",
  Effect.fnUntraced(function* (fold: Fold, blueprint: Blueprint, law: Law.Check) {
    // examples share leaves and nothing else: then the order is theirs too
    const { blueprint: three, parts } = examples(blueprint, 3)
    const built = Tagged.build(three)
    const each = yield* Effect.forEach(parts, (steps) => fold(steps.map((step) => built.variables[step]!)))
    const whole = yield* fold(built.roots)
    yield* law.expect(
      "the gradient of the batch",
      received(built, whole),
      received(built, GradientMap.combineAll(each))
    )
    // where they share operations, nothing is lost or doubled
    const shared = Tagged.build(blueprint)
    const ones = yield* Effect.forEach(new Set(shared.roots), (root) => fold([root]))
    yield* law.expect(
      "the gradient of roots that share operations",
      sorted(received(shared, yield* fold(shared.roots))),
      sorted(received(shared, GradientMap.combineAll(ones)))
    )
  })
)

/** All of them. */
export const all: ReadonlyArray<FoldLaw> = [exactlyOnce, edgesOnce, pruned, derivatives, immutable, monoid, batch]
