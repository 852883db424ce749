/** Chance that comes out the same in every process, from a seed: mulberry32. */
export interface Dice {
  /** From 0 up to, and not including, `limit`. */
  readonly below: (limit: number) => number
  readonly pick: <A>(items: ReadonlyArray<A>) => A
}

export const make = (seed: number): Dice => {
  let state = seed >>> 0
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return { below, pick: (items) => items[below(items.length)]! }
}

/** The same items in another order. */
export const shuffled = <A>(dice: Dice, items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = dice.below(i + 1)
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
