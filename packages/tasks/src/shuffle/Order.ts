/**
 * In which order four choices are shown where a data set names only the right one.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as PythonRandom from "./PythonRandom.ts"

/**
 * An order for each row: the places of its choices, where 0 is the right one and 1 to 3 the wrong ones as the file has them.
 * `[2, 0, 1, 3]` shows the second wrong choice first, and the right answer is "B".
 */
export type Order = (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<ReadonlyArray<number>>>

const places = [0, 1, 2, 3]

/**
 * Each row by itself, from the seed and its id: the right answer is as often at each place, and a row has the same order
 * whatever other rows are there.
 */
export const sound =
  (seed: number): Order =>
  (ids) =>
    Effect.forEach(ids, (id) => Random.withSeed(Random.shuffle(places), `choices/${seed}/${id}`))

/**
 * What TextGrad does, for comparison with its figures: the same seed anew before each row, so that every row has the same
 * order, and every right answer is "C".
 */
export const textgrad: Order = (ids) =>
  Effect.succeed(ids.map(() => PythonRandom.shuffle(PythonRandom.make(42), [1, 2, 3, 0])))

/** What simple-evals does: one generator for the whole file, in the order of its rows. */
export const simpleEvals: Order = (ids) =>
  Effect.sync(() => {
    const random = PythonRandom.make(0)
    return ids.map(() => PythonRandom.permutation(random, places))
  })
