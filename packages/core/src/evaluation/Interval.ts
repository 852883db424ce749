/**
 * How sure a mean score is: a 95 % confidence interval. Right-or-wrong scores get Wilson's, which stays honest at 0 and n
 * of n; scores that are all equal too; others a bootstrap of 2,000 seeded resamples (percentiles).
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { z } from "./adjusted.ts"
import { bootstrap } from "./bootstrap.ts"

export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
  readonly n: number
  readonly method: "wilson" | "bootstrap"
}

const wilson = (scores: ReadonlyArray<number>, mean: number): Interval => {
  const n = scores.length
  const centre = mean + (z * z) / (2 * n)
  const spread = z * Math.sqrt((mean * (1 - mean)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return {
    mean,
    // rounding must not put the mean of all right, or of all wrong, outside
    low: Math.max(0, Math.min(mean, (centre - spread) / scale)),
    high: Math.min(1, Math.max(mean, (centre + spread) / scale)),
    n,
    method: "wilson"
  }
}

const resampled = Effect.fnUntraced(function* (scores: ReadonlyArray<number>, mean: number) {
  const random = yield* Random.Random
  const spread = bootstrap(scores, () => random.nextDoubleUnsafe())
  return { mean, ...spread, n: scores.length, method: "bootstrap" } satisfies Interval
})

/** The interval of some scores; `undefined` of none. The same scores always give the same interval. */
export const of = (scores: ReadonlyArray<number>): Effect.Effect<Interval | undefined> => {
  if (scores.length === 0) return Effect.succeed(undefined)
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const binary = scores.every((score) => score === 0 || score === 1)
  // resampling equal scores gives equal means, and would claim to be certain
  const equal = scores.every((score) => score === scores[0])
  return binary || equal ? Effect.succeed(wilson(scores, mean)) : Random.withSeed(resampled(scores, mean), "interval")
}
