/**
 * Chance that can be had again: the same seed rolls the same numbers, whatever else was rolled before.
 */
import * as Hash from "effect/Hash"
import type * as Random from "effect/Random"

export interface Dice {
  /** The generator itself, for programs that draw from Effect's `Random`. */
  readonly random: Random.Random
  /** From 0 to below 1. */
  readonly next: () => number
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(from: readonly [A, ...ReadonlyArray<A>]) => A
}

/** Dice of a seed, for example `"7/weather"`: one name a purpose, so that no purpose moves the dice of another. */
export const make = (seed: string): Dice => {
  const next = generator(Hash.string(seed))
  const below = (limit: number) => Math.floor(next() * limit)
  const random: Random.Random = {
    nextDoubleUnsafe: next,
    nextIntUnsafe: () =>
      Math.floor(next() * (Number.MAX_SAFE_INTEGER - Number.MIN_SAFE_INTEGER)) + Number.MIN_SAFE_INTEGER
  }
  return {
    random,
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!
  }
}

/** Splitmix in 32 bits: a counter, well mixed. Hundreds of them are made in each run, so it must cost nothing to make. */
const generator = (seed: number) => {
  let state = seed | 0
  return (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
