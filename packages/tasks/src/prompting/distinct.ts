/** Puzzles from a generator that draws one at a time: all different, and the same for the same seed. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Puzzle } from "./Subject.ts"

/** `n` distinct puzzles (fewer where there are no more: thousands are no problem). */
export const distinct = (
  one: Effect.Effect<Omit<Puzzle, "id">>,
  { n, name, seed }: { readonly n: number; readonly name: string; readonly seed: number }
): Effect.Effect<ReadonlyArray<Puzzle>> =>
  Effect.gen(function* () {
    const all = new Map<string, Puzzle>()
    // where nearly all have been drawn, what is left is not worth waiting for
    for (let draws = 0; all.size < n && draws < 100 * n; draws++) {
      const puzzle = yield* one
      if (!all.has(puzzle.question)) all.set(puzzle.question, { id: `${name}/${seed}/${all.size}`, ...puzzle })
    }
    return [...all.values()]
  }).pipe(Random.withSeed(`${name}/${seed}`))
