import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Schema } from "effect"
import * as Interval from "./Interval.ts"

const rights = (k: number, n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => (i < k ? 1 : 0))

/** What Wilson's interval is: the shares p that k of n does not speak against, |k/n - p| <= z sqrt(p (1 - p) / n). */
const oracle = (k: number, n: number): readonly [low: number, high: number] => {
  const fits = (p: number) => Math.abs(k / n - p) <= 1.9599639845 * Math.sqrt((p * (1 - p)) / n)
  const edge = (outside: number) => {
    let [out, inside] = [outside, k / n]
    if (fits(out)) return out
    for (let i = 0; i < 80; i++) {
      const middle = (out + inside) / 2
      if (fits(middle)) inside = middle
      else out = middle
    }
    return inside
  }
  return [edge(0), edge(1)]
}

describe("the interval of right-or-wrong scores", () => {
  it.effect("is Wilson's, as in tables", () =>
    Effect.gen(function* () {
      for (const [k, n, low, high] of [
        [0, 1, 0, 0.7935],
        [1, 1, 0.2065, 1],
        [0, 10, 0, 0.2775],
        [5, 10, 0.2366, 0.7634],
        [10, 10, 0.7225, 1],
        [18, 20, 0.699, 0.9721],
        [50, 100, 0.4038, 0.5962]
      ] as const) {
        const interval = (yield* Interval.of(rights(k, n)))!
        assert.strictEqual(interval.method, "wilson")
        assert.deepStrictEqual([interval.mean, interval.n], [k / n, n])
        assert.closeTo(interval.low, low, 5e-5, `${k} of ${n}`)
        assert.closeTo(interval.high, high, 5e-5, `${k} of ${n}`)
      }
    })
  )

  it.effect("is every share that the scores do not speak against, for each k of each n up to 40", () =>
    Effect.gen(function* () {
      for (let n = 1; n <= 40; n++) {
        for (let k = 0; k <= n; k++) {
          const interval = (yield* Interval.of(rights(k, n)))!
          const [low, high] = oracle(k, n)
          assert.closeTo(interval.low, low, 1e-6, `${k} of ${n}`)
          assert.closeTo(interval.high, high, 1e-6, `${k} of ${n}`)
          assert.isTrue(interval.low <= interval.mean && interval.mean <= interval.high, `${k} of ${n}`)
          assert.isTrue(interval.low >= 0 && interval.high <= 1, `${k} of ${n}`)
        }
      }
    })
  )
})

const Score = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

describe("the interval of graded scores", () => {
  it.effect.prop(
    "is a bootstrap: it holds the mean, lies within the scores, and is the same each time, in any context",
    [Schema.NonEmptyArray(Score), Schema.Int],
    ([scores, seed]) =>
      Effect.gen(function* () {
        const all = [...scores, 0.5]
        const interval = (yield* Interval.of(all))!
        assert.strictEqual(interval.method, "bootstrap")
        assert.strictEqual(interval.n, all.length)
        assert.closeTo(interval.mean, all.reduce((sum, score) => sum + score, 0) / all.length, 1e-12)
        assert.isTrue(interval.low <= interval.mean && interval.mean <= interval.high, JSON.stringify(interval))
        assert.isTrue(interval.low >= Math.min(...all) - 1e-12 && interval.high <= Math.max(...all) + 1e-12)
        assert.deepStrictEqual(yield* Random.withSeed(Interval.of(all), seed), interval)
      })
  )

  it.effect("is as wide as the normal approximation says, where there are many", () =>
    Effect.gen(function* () {
      const scores = Array.from({ length: 400 }, (_, i) => ((i * 37) % 400) / 399)
      const { high, low, mean } = (yield* Interval.of(scores))!
      const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length
      const half = 1.96 * Math.sqrt(variance / scores.length)
      assert.closeTo(low, mean - half, 0.08 * half)
      assert.closeTo(high, mean + half, 0.08 * half)
    })
  )

  it.effect("holds the true mean about 95 times of 100", () =>
    Effect.gen(function* () {
      let held = 0
      for (let seed = 0; seed < 200; seed++) {
        const scores = yield* Random.withSeed(Effect.replicateEffect(Random.next, 40), seed)
        const { high, low } = (yield* Interval.of(scores))!
        if (low <= 0.5 && 0.5 <= high) held++
      }
      assert.isTrue(held >= 180 && held <= 199, `${held} of 200`)
    })
  )
})

describe("the interval of few scores", () => {
  it.effect("of none is not there; of one graded score, or of equal ones, is no certainty", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* Interval.of([]))
      for (const n of [1, 2, 7]) {
        const interval = (yield* Interval.of(Array.from({ length: n }, () => 0.1)))!
        assert.deepInclude(interval, { n, method: "wilson" })
        assert.closeTo(interval.mean, 0.1, 1e-12)
        assert.isBelow(interval.low, 0.1)
        assert.isAbove(interval.high, 0.3)
      }
    })
  )
})
