/**
 * Chance that can be had again: the same seed rolls the same numbers, whatever else was rolled before.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

export interface Dice {
  /** The generator itself, for programs that draw from Effect's `Random`. */
  readonly random: (typeof Random.Random)["Service"]
  /** From 0 to below 1. */
  readonly next: () => number
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(from: readonly [A, ...ReadonlyArray<A>]) => A
}

/** Dice of a seed, for example `"7/weather"`: one name a purpose, so that no purpose moves the dice of another. */
export const make = (seed: string): Dice => {
  const random = Effect.runSync(
    Random.withSeed(
      Effect.map(Random.Random, (service) => service),
      seed
    )
  )
  const next = () => random.nextDoubleUnsafe()
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    random,
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!
  }
}
