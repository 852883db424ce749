/**
 * What a step pays for its selector: choosing whom to extend among many candidates, by their scores on many examples.
 */
import { type Candidate, Pareto, type Pool, paretoFront, Selector, standings } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"

const sizes: Record<Size, { readonly candidates: number; readonly examples: number; readonly repeats: number }> = {
  full: { candidates: 400, examples: 300, repeats: 101 },
  tiny: { candidates: 4, examples: 3, repeats: 1 }
}

/** Scores as tasks give them: any number, or right and wrong. */
const kinds = {
  "scores of any size": (at: number) => at,
  "right or wrong, half of each": (at: number) => (at < 0.5 ? 1 : 0),
  "right or wrong, nine of ten right": (at: number) => (at < 0.9 ? 1 : 0)
}

const poolOf = (candidates: number, examples: number, score: (at: number) => number) =>
  Effect.gen(function* () {
    const random = yield* Random.Random
    const all = Array.from({ length: candidates }, (_, id): Candidate.Candidate => {
      const scores = Array.from({ length: examples }, () => score(random.nextDoubleUnsafe()))
      return { id, step: id, values: {}, scores, ...(id === 0 ? {} : { parent: 0 }) }
    })
    return all as ReadonlyArray<Candidate.Candidate> as Pool
  }).pipe(Random.withSeed("selection"))

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    const start = performance.now()
    return Effect.map(effect, () => performance.now() - start)
  })

const run = (size: Size) =>
  Effect.gen(function* () {
    const { candidates, examples, repeats } = sizes[size]
    const selector = yield* Selector
    const figures: Array<Figure> = []
    for (const [name, score] of Object.entries(kinds)) {
      const pool = yield* poolOf(candidates, examples, score)
      const times = (effect: Effect.Effect<unknown>) =>
        Effect.forEach(Array.from({ length: repeats }), () => timed(effect))
      const selected = yield* times(selector.select(pool))
      figures.push(
        repeated({ name: `one of ${candidates} by ${examples} examples, ${name}`, unit: "ms", wanted: 2 }, selected),
        { name: "  the first time in a process, or with these scores", unit: "ms", measured: selected[0]! },
        repeated(
          { name: "  the front alone", unit: "ms" },
          yield* times(Effect.sync(() => paretoFront(pool.map(({ scores }) => scores ?? []))))
        ),
        repeated({ name: "  the best on average", unit: "ms" }, yield* times(Effect.sync(() => standings(pool))))
      )
    }
    return figures
  }).pipe(Effect.provide(Pareto.layer()), Random.withSeed("bench"))

export const Selection: Bench = { name: "selection", run }
