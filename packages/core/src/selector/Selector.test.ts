import { Laws } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Schema } from "effect"
import * as Candidate from "../candidate/Candidate.ts"
import * as Latest from "./Latest.ts"
import { type Pool, Selector } from "./Selector.ts"
import * as ValidationGate from "./ValidationGate.ts"

const candidate = (id: number, scores?: ReadonlyArray<number | null>): Candidate.Candidate => ({
  id,
  step: id,
  values: { p: `version ${id}` },
  ...(id === 0 ? {} : { parent: 0 }),
  ...(scores === undefined ? {} : { scores })
})

type Scores = ReadonlyArray<number | null>

/** What a selector says of a second candidate after a first. */
const admission = (layer: Layer.Layer<Selector>, before: Scores | undefined, after: Scores | undefined) =>
  Effect.gen(function* () {
    const selector = yield* Selector
    const [first, second] = [candidate(0, before), candidate(1, after)]
    const { accepted, pool, reason } = yield* selector.admit([first], second)
    assert.deepStrictEqual(pool, [accepted ? second : first])
    assert.strictEqual(selector.best(pool), pool[0])
    assert.strictEqual(yield* selector.select(pool), pool[0])
    return { accepted, reason }
  }).pipe(Effect.provide(layer))

const accepts = (layer: Layer.Layer<Selector>, before: Scores, after: Scores) =>
  Effect.map(admission(layer, before, after), ({ accepted }) => accepted)

const notWorse = ValidationGate.layer()
const strictGain = ValidationGate.layer({ accept: "strictGain" })

describe("the laws of selectors hold for", () => {
  it.effect("latest", () => Laws.selector(Latest.layer, { runs: 100 }))
  it.effect("the gate that takes what is not worse", () => Laws.selector(notWorse, { runs: 100 }))
  it.effect("the gate that takes only what is better", () => Laws.selector(strictGain, { runs: 100 }))
})

describe("latest", () => {
  it.effect("takes whatever comes, without asking for a score", () =>
    Effect.gen(function* () {
      assert.isFalse((yield* Selector).evaluates)
      assert.isTrue((yield* admission(Latest.layer, undefined, undefined)).accepted)
      assert.isTrue((yield* admission(Latest.layer, [1, 1], [0, 0])).accepted)
    }).pipe(Effect.provide(Latest.layer))
  )
})

describe("the validation gate", () => {
  it.effect("takes what is better and drops what is worse, saying both scores", () =>
    Effect.gen(function* () {
      assert.isTrue((yield* Effect.provide(Selector, notWorse)).evaluates)
      for (const gate of [notWorse, strictGain]) {
        const better = yield* admission(gate, [0, 1, 0, 0], [1, 0, 1, 0])
        assert.deepStrictEqual(better, { accepted: true, reason: "validation 0.250 -> 0.500" })
        const worse = yield* admission(gate, [0.5, 0.5], [0.5, 0.4])
        assert.deepStrictEqual(worse, { accepted: false, reason: "validation 0.500 -> 0.450" })
      }
    })
  )

  it.effect("crosses a plateau, unless a strict gain is asked for", () =>
    Effect.gen(function* () {
      for (const [before, after] of [
        [
          [1, 0],
          [0, 1]
        ],
        [
          [0, 0],
          [0, 0]
        ],
        [[1], [1]],
        // the same scores in another order add up to sums that differ in the last digit
        [
          [0.1, 0.2, 0.3],
          [0.3, 0.2, 0.1]
        ],
        [
          [0.3, 0.2, 0.1],
          [0.1, 0.2, 0.3]
        ]
      ] as const) {
        assert.isTrue(yield* accepts(notWorse, before, after))
        assert.isFalse(yield* accepts(strictGain, before, after))
      }
    })
  )

  it.effect("extends the one it kept, and hands it out", () =>
    Effect.gen(function* () {
      const selector = yield* Selector
      let pool: Pool = [candidate(0, [0, 1])]
      for (const [id, scores] of [
        [1, [0, 0]],
        [2, [1, 1]],
        [3, [0, 1]]
      ] as const) {
        pool = (yield* selector.admit(pool, candidate(id, scores))).pool
      }
      assert.strictEqual(selector.best(pool).id, 2)
      assert.strictEqual((yield* selector.select(pool)).id, 2)
    }).pipe(Effect.provide(notWorse))
  )
})

describe("the validation gate, where examples failed", () => {
  it.effect("does not let an easier remainder pass for a better prompt: the hard example failed", () =>
    Effect.gen(function* () {
      // over what ran for each: 0.5 before, 1 after; but nothing was gained
      assert.isFalse(yield* accepts(notWorse, [1, 0], [1, null]))
      assert.isFalse(yield* accepts(notWorse, [1, 1, 0, 0], [null, 1, null, null]))
    })
  )

  it.effect("does not hold a failure of the parent against it, nor for it", () =>
    Effect.gen(function* () {
      // over what ran for each: 1 before, 0.67 after; on the same examples nothing was lost
      assert.isTrue(yield* accepts(notWorse, [1, null, 1], [1, 0, 1]))
      assert.isFalse(yield* accepts(strictGain, [1, null, 1], [1, 1, 1]))
      assert.isFalse(yield* accepts(notWorse, [1, null, 0], [0, 1, 0]))
    })
  )

  it.effect("takes one that is better even if what failed were wrong, and says how many failed", () =>
    Effect.gen(function* () {
      const { accepted, reason } = yield* admission(notWorse, [0, 1, 0, 0], [1, 1, null, 1])
      assert.deepStrictEqual([accepted, reason], [true, "validation 0.250 -> 0.750 (1 failed, counted as wrong)"])
      assert.isFalse(yield* accepts(notWorse, [0, 1], [1, null]))
    })
  )

  it.effect("drops one that failed everywhere it could be compared", () =>
    Effect.gen(function* () {
      for (const [before, after] of [
        [
          [0, 0],
          [null, null]
        ],
        [
          [0, null],
          [null, 1]
        ],
        [
          [null, null],
          [1, 1]
        ],
        [[0], []]
      ] as const) {
        const { accepted, reason } = yield* admission(notWorse, before, after)
        assert.deepStrictEqual([accepted, reason], [false, "no validation example ran for both"])
      }
      assert.isFalse((yield* admission(notWorse, undefined, undefined)).accepted)
    })
  )

  const without = (layer: Layer.Layer<Selector>, before: Scores, after: Scores, unanswered: ReadonlyArray<number>) =>
    Effect.gen(function* () {
      const admission = yield* (yield* Selector).admit([candidate(0, before)], { ...candidate(1, after), unanswered })
      return [admission.accepted, admission.reason] as const
    }).pipe(Effect.provide(layer))

  it.effect("compares neither where the provider gave no answer, and wants a gain on the rest", () =>
    Effect.gen(function* () {
      const said = "validation 0.333 -> 0.667 (1 got no answer, not compared)"
      assert.deepStrictEqual(yield* without(notWorse, [0, 1, 0, 1], [1, 1, 0, null], [3]), [true, said])
      // equal on the rest is no gain, and the lost ones may have been worse
      assert.isFalse((yield* without(notWorse, [0, 1, 0, 1], [0, 1, 0, null], [3]))[0])
      const both = "validation 0.333 -> 0.667 (1 failed, counted as wrong; 1 got no answer, not compared)"
      assert.deepStrictEqual(yield* without(strictGain, [0, 1, 0, 1], [1, null, 1, null], [3]), [true, both])
    })
  )

  it.effect("takes nothing, however good, where fewer than half were answered, and says so", () =>
    Effect.gen(function* () {
      const few = "too few to compare: 1 of 3 validation examples were answered"
      assert.deepStrictEqual(yield* without(notWorse, [0, 0, 0], [1, null, null], [1, 2]), [false, few])
      assert.isTrue((yield* without(notWorse, [0, 0], [1, null], [1]))[0])
      const none = "no validation example ran for both"
      assert.deepStrictEqual(yield* without(notWorse, [0, 0], [null, null], [0, 1]), [false, none])
    })
  )

  const Score = Schema.NullOr(Schema.Literals([0, 0.5, 1]))
  const Known = Schema.Literals([0, 0.5, 1])
  const four = <A extends number | null>(of: Schema.Codec<A>) => Schema.Tuple([of, of, of, of])

  it.effect.prop(
    "hands out nothing worse than a seed that ran everywhere, whatever fails later",
    [four(Known), Schema.Array(four(Score))],
    ([seed, proposals]) =>
      Effect.gen(function* () {
        const selector = yield* Selector
        const atWorst = (scores: Scores) => scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)
        let pool: Pool = [candidate(0, seed)]
        for (const [i, scores] of proposals.entries()) {
          pool = (yield* selector.admit(pool, candidate(i + 1, scores))).pool
          assert.isAtLeast(atWorst(selector.best(pool).scores!), atWorst(seed))
        }
      }).pipe(Effect.provide(notWorse)),
    { arbitrary: { runs: 300 } }
  )
})

describe("a candidate", () => {
  it("has the mean of the scores it has, and none without any", () => {
    assert.strictEqual(Candidate.mean(candidate(0, [1, null, 0, 0.5])), 0.5)
    assert.isUndefined(Candidate.mean(candidate(0, [null])))
    assert.isUndefined(Candidate.mean(candidate(0, [])))
    assert.isUndefined(Candidate.mean(candidate(0)))
  })

  it("is compared on the examples that ran for the first, what failed for the second counted as wrong", () => {
    assert.deepStrictEqual(Candidate.compare(candidate(0, [1, null, 0, 1]), candidate(1, [1, 1, 1, null])), {
      before: 2 / 3,
      after: 2 / 3,
      n: 3,
      failed: 1,
      unanswered: 0
    })
  })

  it("is not compared where the provider gave no answer", () => {
    const second = { ...candidate(1, [1, 1, null, null]), unanswered: [3] }
    assert.deepStrictEqual(Candidate.compare(candidate(0, [0, null, 1, 1]), second), {
      before: 1 / 2,
      after: 1 / 2,
      n: 2,
      failed: 1,
      unanswered: 1
    })
  })

  it.effect.prop("is plain data: it survives a trip through JSON", [Candidate.Candidate], ([one]) =>
    Effect.gen(function* () {
      const codec = Schema.toCodecJson(Candidate.Candidate)
      const text = JSON.stringify(yield* Schema.encodeEffect(codec)(one))
      const read = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(text))
      // keys that look like numbers change their place
      assert.deepStrictEqual(JSON.parse(JSON.stringify(yield* Schema.encodeEffect(codec)(read))), JSON.parse(text))
      assert.strictEqual(Candidate.mean(read), Candidate.mean(one))
    })
  )
})
