/** Questions from a generator that draws one at a time: all different, and the same for the same seed. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** `n` distinct questions, each with an id (fewer where there are no more: thousands are no problem). */
export const distinct = <A extends { readonly question: string }>(
  one: Effect.Effect<A>,
  { n, name, seed }: { readonly n: number; readonly name: string; readonly seed: number }
): Effect.Effect<ReadonlyArray<A & { readonly id: string }>> =>
  Effect.gen(function* () {
    const all = new Map<string, A & { readonly id: string }>()
    // where nearly all have been drawn, what is left is not worth waiting for
    for (let draws = 0; all.size < n && draws < 100 * n; draws++) {
      const drawn = yield* one
      if (!all.has(drawn.question)) all.set(drawn.question, { id: `${name}/${seed}/${all.size}`, ...drawn })
    }
    return [...all.values()]
  }).pipe(Random.withSeed(`${name}/${seed}`))
