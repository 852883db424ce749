import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import type * as Candidate from "../candidate/Candidate.ts"
import type { Measured } from "../candidate/Objectives.ts"
import { standings } from "../candidate/standings.ts"
import * as Acceptance from "./Acceptance.ts"
import { type Pool, Selector } from "./Selector.ts"
import * as ValidationGate from "./ValidationGate.ts"

type Scores = ReadonlyArray<number | null>

const candidate = (id: number, scores: Scores, more: Partial<Candidate.Candidate> = {}): Candidate.Candidate => ({
  id,
  step: id,
  values: {},
  scores,
  ...more
})

const judge = (before: Scores, after: Scores, options: Partial<Acceptance.Options> = {}) =>
  Acceptance.judge(candidate(0, before), candidate(1, after), { ...Acceptance.defaults, ...options })

const zeros = (n: number) => Array<number>(n).fill(0)
const wins = (of: number, n: number) => zeros(n).map((_, i) => (i < of ? 1 : 0))

describe("a significant gain", () => {
  const significant = { accept: "significant" } as const

  it.effect("is one that chance alone would hardly give, said with its interval", () =>
    Effect.gen(function* () {
      const small = yield* judge(zeros(20), wins(4, 20), significant)
      assert.deepStrictEqual(small, {
        accepted: false,
        reason: "validation 0.000 -> 0.200; gain +0.200, 95 % +0.050 to +0.350, p 0.063 of 0.025"
      })
      const large = yield* judge(zeros(20), wins(6, 20), significant)
      assert.isTrue(large.accepted)
      assert.match(large.reason, /^validation 0\.000 -> 0\.300; gain \+0\.300, 95 % .*, p 0\.016 of 0\.025$/)
    })
  )

  it.effect("is asked for at another level of certainty", () =>
    Effect.gen(function* () {
      assert.isTrue((yield* judge(zeros(20), wins(4, 20), { ...significant, alpha: 0.2 })).accepted)
      assert.isFalse((yield* judge(zeros(20), wins(6, 20), { ...significant, alpha: 0.01 })).accepted)
    })
  )

  it.effect(
    "is claimed in no more runs than allowed, however many worthless candidates a run tries",
    () =>
      Effect.gen(function* () {
        const selector = yield* Selector
        // all as good as the seed, each on another half of the examples
        const scores = Effect.replicateEffect(Random.nextIntBetween(0, 1), 12)
        const takesAny = Effect.gen(function* () {
          const pool: Pool = [candidate(0, yield* scores)]
          for (let id = 1; id <= 12; id++) {
            if ((yield* selector.admit(pool, candidate(id, yield* scores))).accepted) return true
          }
          return false
        })
        const runs = yield* Effect.forEach(
          Array.from({ length: 200 }, (_, seed) => seed),
          (seed) => Random.withSeed(takesAny, seed)
        )
        // 5 % of 200, and twice the standard deviation of that
        assert.isAtMost(runs.filter((taken) => taken).length, 16)
      }).pipe(Effect.provide(ValidationGate.layer(significant))),
    60_000
  )

  it.effect("is still seen at the tenth candidate, and the hundredth, where it is clear", () =>
    Effect.gen(function* () {
      const selector = yield* Selector
      const before = candidate(0, zeros(40))
      const graded = zeros(40).map((_, i) => (i % 5) / 5)
      for (const id of [10, 100]) {
        for (const scores of [wins(20, 40), graded]) {
          const { accepted, reason } = yield* selector.admit([before], candidate(id, scores))
          assert.isTrue(accepted, reason)
          assert.isTrue(yield* selector.mayAdmit!([before], candidate(id, scores)))
        }
        assert.isFalse((yield* selector.admit([before], candidate(id, wins(10, 40)))).accepted)
      }
    }).pipe(Effect.provide(ValidationGate.layer(significant)))
  )

  it.effect("is none where what failed may have been lost", () =>
    Effect.gen(function* () {
      const before = [...zeros(6), ...wins(6, 6)]
      assert.isTrue((yield* judge(before, [...wins(6, 6), ...wins(6, 6)], significant)).accepted)
      const lost = yield* judge(before, [...wins(6, 6), ...Array<null>(6).fill(null)], significant)
      assert.isFalse(lost.accepted)
      assert.include(lost.reason, "(6 failed, counted as wrong); gain +0.000")
    })
  )

  it.effect("is never a loss, however certain", () =>
    Effect.gen(function* () {
      assert.isFalse((yield* judge(wins(9, 9), zeros(9), significant)).accepted)
      assert.isFalse((yield* judge([], [], significant)).accepted)
    })
  )
})

describe("several objectives", () => {
  const measured = (id: number, scores: Scores, objectives: Measured) => candidate(id, scores, { objectives })
  const objectives = { score: 1, tokens: 0.05, length: 0.01 }
  const weighed = (before: Candidate.Candidate, after: Candidate.Candidate, accept: Acceptance.Accept) =>
    Acceptance.judge(before, after, { ...Acceptance.defaults, accept, objectives })

  it.effect("are weighed in points of the score: half of the tokens for so much of it", () =>
    Effect.gen(function* () {
      const before = measured(0, [0.5, 0.5], { tokens: 800, length: 100 })
      const cheaper = yield* weighed(before, measured(1, [0.46, 0.46], { tokens: 400, length: 100 }), "strictGain")
      assert.deepStrictEqual(cheaper, {
        accepted: true,
        reason: "validation 0.500 -> 0.460, length 100 -> 100, tokens 800 -> 400"
      })
      const worse = measured(1, [0.44, 0.44], { tokens: 400, length: 100 })
      assert.isFalse((yield* weighed(before, worse, "notWorse")).accepted)
      const longer = measured(1, [0.5, 0.5], { tokens: 800, length: 101 })
      assert.isFalse((yield* weighed(before, longer, "notWorse")).accepted)
    })
  )

  it.effect("of which one is not known are compared by the others, and that is said", () =>
    Effect.gen(function* () {
      const before = measured(0, [0.5], { length: 100 })
      const { accepted, reason } = yield* weighed(before, measured(1, [0.5], { tokens: 1, length: 50 }), "strictGain")
      assert.deepStrictEqual(
        [accepted, reason],
        [true, "validation 0.500 -> 0.500, length 100 -> 50, tokens unknown -> 1"]
      )
    })
  )

  it.effect("may be a significant gain where the scores are equal", () =>
    Effect.gen(function* () {
      const before = measured(0, zeros(9), { length: 200 })
      assert.isTrue((yield* weighed(before, measured(1, zeros(9), { length: 100 }), "significant")).accepted)
      assert.isFalse((yield* weighed(before, measured(1, zeros(9), { length: 200 }), "significant")).accepted)
    })
  )
})

describe("standings", () => {
  it("count what failed as wrong, and what got no answer as the lowest of the others", () => {
    const all = [
      candidate(0, [1, 0.5, 0]),
      candidate(1, [1, null, 0]),
      candidate(2, [1, null, 1], { unanswered: [1] }),
      candidate(3, [1, 1, 1])
    ]
    assert.deepStrictEqual(standings(all), [0.5, 1 / 3, 2 / 3, 1])
    assert.deepStrictEqual(standings([all[0]!, all[2]!]), [0.5, 2.5 / 3])
    assert.deepStrictEqual(standings([candidate(0, [null, 1], { unanswered: [0] })]), [0.5])
    assert.deepStrictEqual(standings([{ id: 0, step: 0, values: {} }]), [0])
  })

  it("take a cost that nobody knows for the highest that is known", () => {
    const all = [
      candidate(0, [1], { objectives: { tokens: 8 } }),
      candidate(1, [1], { objectives: { tokens: 2 } }),
      candidate(2, [1])
    ]
    const heights = standings(all, { score: 1, tokens: 0.1 })
    assert.deepStrictEqual(
      heights.map((height) => height.toFixed(2)),
      ["0.70", "0.90", "0.70"]
    )
    // the sign of a weight means nothing: less is better, whichever way it is written
    assert.deepStrictEqual(standings(all, { score: 1, tokens: -0.1 }), heights)
  })
})
