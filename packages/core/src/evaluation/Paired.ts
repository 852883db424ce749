/**
 * Whether one candidate is better than another, or only luckier: both on the same examples, so that what makes an example
 * easy or hard falls out. The gain with a 95 % interval, and the probability of such a gain by chance alone (sign-flip
 * permutation test, one-sided; exact where all differences are of one size, else 4,000 seeded draws and, where none of
 * them comes near, what Hoeffding's inequality allows at most).
 */

import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { rounding } from "../candidate/standings.ts"
import { adjusted, z } from "./adjusted.ts"
import { bootstrap } from "./bootstrap.ts"

/** What two lists of scores say of each other. */
export const Comparison = Schema.Struct({
  /** The mean of after minus before. */
  gain: Schema.Finite,
  /** 95 % interval of the gain: bootstrap of 2,000 seeded resamples; where all differ alike, two more are thought of. */
  low: Schema.Finite,
  high: Schema.Finite,
  /** How probable a gain this large is where there is none. Small: the gain is real. */
  p: Schema.Finite,
  /** Examples that both have a score for. */
  n: Schema.Int
})
export type Comparison = typeof Comparison.Type

/** Scores of two candidates on the same examples, in the same order; `null` where one failed. */
export const compare = (
  before: ReadonlyArray<number | null>,
  after: ReadonlyArray<number | null>
): Effect.Effect<Comparison | undefined> => {
  const differences = before.flatMap((score, i) => {
    const other = after[i]
    return score === null || other === null || other === undefined ? [] : [other - score]
  })
  return differences.length === 0 ? Effect.succeed(undefined) : Random.withSeed(measure(differences), "paired")
}

const draws = 4000

const measure = Effect.fnUntraced(function* (differences: ReadonlyArray<number>) {
  const random = yield* Random.Random
  const next = () => random.nextDoubleUnsafe()
  const n = differences.length
  const gain = sum(differences) / n
  // resampling equal differences gives equal means, and would claim to be certain
  const spread = differences.every((one) => one === differences[0])
    ? alike(differences, gain)
    : bootstrap(differences, next)
  return { gain, ...spread, p: chance(differences, next), n }
})

const alike = (differences: ReadonlyArray<number>, gain: number) => {
  const { mean, variance } = adjusted(differences)
  const wide = z * Math.sqrt(variance)
  return { low: Math.max(-1, Math.min(gain, mean - wide)), high: Math.min(1, Math.max(gain, mean + wide)) }
}

const chance = (differences: ReadonlyArray<number>, next: () => number): number => {
  // an example without a difference says nothing of which is better
  const telling = differences.filter((difference) => difference !== 0)
  const first = Math.abs(telling[0] ?? 0)
  if (telling.every((difference) => Math.abs(Math.abs(difference) - first) < rounding)) {
    return atLeast(telling.length, telling.filter((difference) => difference > 0).length)
  }
  const observed = sum(telling)
  let asLarge = 0
  for (let draw = 0; draw < draws; draw++) {
    let total = 0
    for (const difference of telling) total += next() < 0.5 ? difference : -difference
    if (total >= observed - rounding) asLarge++
  }
  // a probability that is too small for so many draws still has a bound
  const bound = Math.exp(-(observed ** 2) / (2 * sum(telling.map((difference) => difference ** 2))))
  // the observed arrangement is one of those that chance may give
  return asLarge === 0 ? Math.min(bound, 1 / (draws + 1)) : (asLarge + 1) / (draws + 1)
}

/** The probability of `wins` or more heads in `n` throws of a fair coin. */
const atLeast = (n: number, wins: number): number => {
  let logChoose = 0
  let total = 0
  for (let k = n; k >= wins; k--) {
    total += Math.exp(logChoose - n * Math.LN2)
    logChoose += Math.log(k) - Math.log(n - k + 1)
  }
  return Math.min(1, total)
}

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, number) => total + number, 0)
