/** What the trials of one strategy on one problem say together. */
import type { Trial } from "./trial.ts"

export interface Summary {
  readonly seeds: number
  readonly reached: number
  /** Calls to 95 % of what can be reached: the median over all seeds; absent where half of them or more did not get there. */
  readonly median?: number
  /** The 95 % interval of that median; an end that lies with those who did not get there is absent. */
  readonly low?: number
  readonly high?: number
  /** The mean score when the calls were used up, or the run had ended. */
  readonly final: number
}

/** The ranks, from 0, between which the median of `n` lies with 95 % confidence: by the binomial, whatever the distribution. */
export const ranks = (n: number): readonly [low: number, high: number] => {
  let chance = 0.5 ** n
  let below = chance
  let low = 0
  for (let k = 1; below <= 0.025 && k <= n / 2; k++) {
    low = k - 1
    chance = (chance * (n - k + 1)) / k
    below += chance
  }
  return [low, n - 1 - low]
}

export const summarise = (trials: ReadonlyArray<Trial>): Summary => {
  const never = Number.POSITIVE_INFINITY
  const calls = trials.map(({ reached = never }) => reached).sort((a, b) => a - b)
  const n = calls.length
  const median = (calls[(n - 1) >> 1]! + calls[n >> 1]!) / 2
  const [low, high] = ranks(n)
  const known = (name: string, value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? {} : { [name]: value }
  return {
    seeds: n,
    reached: calls.filter(Number.isFinite).length,
    ...known("median", median),
    ...known("low", calls[low]),
    ...known("high", calls[high]),
    final: trials.reduce((sum, { final }) => sum + final, 0) / n
  }
}
