import { Backward, type GradientMap, Graph, GradientMap as Map_, type Variable } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Blueprint, Generators, Laws } from "../index.ts"

/** Folds with a mistake each: a law that cannot catch it is worth nothing. */
const recursive =
  (options: { readonly merge: boolean; readonly prune: boolean; readonly dedupe: boolean }): Laws.Fold =>
  (losses) =>
    Effect.suspend(() => {
      const graph = Graph.make(losses)
      const received = new Map<Variable.Any, Array<any>>()
      const roots = new Set(losses)
      const visit = (variable: Variable.Any, feedback: ReadonlyArray<any>): Effect.Effect<void, any> => {
        received.set(variable, [...(received.get(variable) ?? []), ...feedback])
        const { origin } = variable
        if (origin._tag !== "Operation" || origin.pullback === undefined) return Effect.void
        const inputs = options.dedupe ? [...new Set(origin.inputs)] : origin.inputs
        return Effect.flatMap(
          origin.pullback(
            feedback,
            origin.inputs.map(() => true)
          ) as Effect.Effect<any, any>,
          (given: ReadonlyArray<ReadonlyArray<any>>) =>
            Effect.forEach(inputs, (input, slot) => visit(input, given[slot]!), { discard: true })
        )
      }
      return Effect.forEach(roots, (root) => visit(root, [{ _tag: "Objective" }]), { discard: true }).pipe(
        Effect.map((): GradientMap.GradientMap => Map_.make(received)),
        Effect.tap(() => Effect.sync(() => void graph))
      )
    })

const broken = (fold: Laws.Fold) => Effect.flip(Laws.fold(fold, { runs: 100 }))

describe("the laws of the fold", () => {
  it.effect("hold for the library's own fold", () => Laws.fold(Backward.run, { runs: 60 }))

  it.effect("catch a fold that visits a node once a consumer, and shrink to a few nodes", () =>
    Effect.gen(function* () {
      const error = yield* broken(recursive({ merge: false, prune: false, dedupe: false }))
      assert.include(error.law, "exactly once")
      assert.include(error.message, "Shrunk input")
    })
  )

  it.effect("catch a fold that hears a duplicate input once", () =>
    Effect.gen(function* () {
      const lossy: Laws.Fold = (losses, options) =>
        Effect.map(Backward.run(losses, options), (gradients) =>
          Map_.make(new Map([...gradients.entries].map(([variable, all]) => [variable, [...new Set(all)].slice(0, 2)])))
        )
      assert.include((yield* broken(lossy)).message, "expected")
    })
  )

  it.effect("catch a fold that does not wait at concurrency", () =>
    Effect.gen(function* () {
      const reordered: Laws.Fold = (losses, options) =>
        Effect.map(Backward.run(losses, options), (gradients) =>
          options?.concurrency === 4
            ? Map_.make(new Map([...gradients.entries].map(([variable, all]) => [variable, [...all].reverse()])))
            : gradients
        )
      assert.include((yield* broken(reordered)).message, "at concurrency 4")
    })
  )

  it.effect("catch a fold that writes to the graph", () =>
    Effect.gen(function* () {
      const writing: Laws.Fold = (losses, options) =>
        Effect.tap(Backward.run(losses, options), () =>
          Effect.sync(() => {
            for (const loss of losses) (loss as { role: string }).role += " (done)"
          })
        )
      assert.include((yield* broken(writing)).law, "a graph is a value")
    })
  )

  it.effect("name the law and the defect where the fold dies", () =>
    Effect.gen(function* () {
      const error = yield* broken(() => Effect.die("no such thing"))
      assert.instanceOf(error, Laws.LawBroken)
      assert.include(error.message, "no such thing")
    })
  )
})

describe("generated graphs", () => {
  const drawn = (size?: Parameters<typeof Generators.blueprints>[0]) =>
    Effect.gen(function* () {
      const all: Array<Blueprint.Blueprint> = []
      yield* Generators.check(Generators.blueprints(size), (blueprint) => Effect.sync(() => all.push(blueprint) > 0), {
        runs: 400
      })
      return all
    })

  it.effect("come in all the shapes that matter", () =>
    Effect.gen(function* () {
      const all = yield* drawn()
      const share = (has: (blueprint: Blueprint.Blueprint) => boolean) => all.filter(has).length / all.length
      const some = (kind: Blueprint.Kind) => share(({ steps }) => steps.some((step) => step.kind === kind))
      assert.isAbove(some("constant"), 0.2)
      assert.isAbove(some("stop"), 0.2)
      assert.isAbove(some("sum"), 0.2)
      assert.isAbove(
        share(({ steps }) => steps.some(({ inputs }) => new Set(inputs).size < inputs.length)),
        0.3,
        "duplicate inputs"
      )
      assert.isAbove(
        share(({ steps }) => steps.filter(({ kind }) => kind === "parameter").length > 1),
        0.3,
        "several parameters"
      )
      assert.isAbove(
        share(({ roots }) => new Set(roots).size > 1),
        0.3,
        "several roots"
      )
    })
  )
})
