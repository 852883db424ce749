/** Drawing by lot, from Effect's Random, which a run seeds. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** One of some, each as often as its weight says. Weights are from 0; where all are 0, each is as likely. */
export const weighted = <A>(
  items: readonly [A, ...ReadonlyArray<A>],
  weights: ReadonlyArray<number>
): Effect.Effect<A> =>
  Effect.map(Random.next, (at) => {
    const total = items.reduce((sum, _, i) => sum + (weights[i] ?? 0), 0)
    const weight = (i: number) => (total > 0 ? (weights[i] ?? 0) : 1)
    let left = at * (total > 0 ? total : items.length)
    // what rounding leaves over goes to the last that has any weight
    let drawn = items[0]
    for (let i = 0; i < items.length; i++) {
      if (weight(i) === 0) continue
      drawn = items[i]!
      left -= weight(i)
      if (left < 0) break
    }
    return drawn
  })

/** One of some, each as likely. */
export const evenly = <A>(items: readonly [A, ...ReadonlyArray<A>]): Effect.Effect<A> => weighted(items, [])
