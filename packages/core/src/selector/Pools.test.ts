import { Laws } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Random, Schema } from "effect"
import type * as Candidate from "../candidate/Candidate.ts"
import * as Beam from "./Beam.ts"
import * as EpsilonGreedy from "./EpsilonGreedy.ts"
import * as Pareto from "./Pareto.ts"
import { type Pool, Selector } from "./Selector.ts"
import * as Softmax from "./Softmax.ts"
import * as TopK from "./TopK.ts"

type Scores = ReadonlyArray<number | null>

const candidate = (id: number, scores: Scores, more: Partial<Candidate.Candidate> = {}): Candidate.Candidate => ({
  id,
  step: id,
  values: { p: `version ${id}` },
  ...(id === 0 ? {} : { parent: 0 }),
  scores,
  ...more
})

/** What a selector makes of candidates that come one after the other. */
const course = (layer: Layer.Layer<Selector>, all: ReadonlyArray<Scores | Candidate.Candidate>) =>
  Effect.gen(function* () {
    const selector = yield* Selector
    const [first, ...rest] = all.map((one, id) => ("id" in one ? one : candidate(id, one)))
    let pool: Pool = [first!]
    const said: Array<string> = []
    for (const one of rest) {
      const admission = yield* selector.admit(pool, one)
      said.push(`${admission.accepted ? "+" : "-"} ${admission.reason}`)
      pool = admission.pool
    }
    return { pool, ids: pool.map(({ id }) => id), said, best: selector.best(pool).id }
  }).pipe(Effect.provide(layer))

/** How often each is extended, of so many draws. */
const drawn = (layer: Layer.Layer<Selector>, pool: Pool, times = 2000) =>
  Effect.gen(function* () {
    const selector = yield* Selector
    const counts = new Map(pool.map(({ id }) => [id, 0]))
    for (let i = 0; i < times; i++) {
      const { id } = yield* selector.select(pool)
      counts.set(id, counts.get(id)! + 1)
    }
    return pool.map(({ id }) => counts.get(id)! / times)
  }).pipe(Effect.provide(layer), Random.withSeed("draws"))

const near = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>) =>
  expected.forEach((share, i) => {
    assert.approximately(actual[i]!, share, 0.05)
  })

describe("the laws of selectors hold for", () => {
  const runs = { runs: 100 }
  for (const by of ["example", "objective", "both"] as const) {
    it.effect(`the front by ${by}`, () => Laws.selector(Pareto.layer({ by }), runs))
  }
  for (const width of [1, 2, 4]) it.effect(`a beam of ${width}`, () => Laws.selector(Beam.layer({ width }), runs))
  for (const accept of ["any", "notWorse", "strictGain", "significant"] as const) {
    // each judgement of a significant gain draws thousands of times
    it.effect(`the top three, taking ${accept}`, () => Laws.selector(TopK.layer({ accept, size: 4 }), runs), 60_000)
  }
  it.effect("epsilon-greedy", () => Laws.selector(EpsilonGreedy.layer({ epsilon: 0.5, size: 3 }), runs))
  it.effect("softmax", () => Laws.selector(Softmax.layer({ temperature: 0.3, size: 3, accept: "any" }), runs))
})

describe("the front", () => {
  it.effect("keeps who is best at something, with the best on average, and says at how much", () =>
    Effect.gen(function* () {
      const { best, ids, said } = yield* course(Pareto.layer(), [
        [1, 0, 0],
        [0, 1, 0],
        [0.9, 0.9, 0],
        [0, 0.5, 0] // of the last example all are equally bad at
      ])
      assert.deepStrictEqual([ids, best], [[0, 1, 2], 2])
      assert.deepStrictEqual(said, [
        "+ validation 0.333, best at 2 of 3",
        "+ validation 0.600, best on average",
        "- validation 0.167, best at nothing"
      ])
    })
  )

  it.effect("lets go who is best at nothing any more", () =>
    Effect.gen(function* () {
      const { ids } = yield* course(Pareto.layer(), [
        [0.5, 0, 0.5],
        [0, 1, 0],
        [1, 0, 1]
      ])
      assert.deepStrictEqual(ids, [1, 2])
    })
  )

  it.effect("extends each as often as it leads", () =>
    Effect.gen(function* () {
      const pool: Pool = [candidate(0, [1, 0, 0, 0]), candidate(1, [0, 1, 1, 1])]
      near(yield* drawn(Pareto.layer(), pool), [0.25, 0.75])
    })
  )

  it.effect("extends the best where nothing leads", () =>
    Effect.gen(function* () {
      near(yield* drawn(Pareto.layer(), [candidate(0, [null])], 1), [1])
    })
  )

  it.effect("takes nobody who failed everywhere or was hardly answered, however good the rest", () =>
    Effect.gen(function* () {
      const { said } = yield* course(Pareto.layer(), [
        [0, 0, 0],
        [null, null, null],
        candidate(2, [1, null, null], { unanswered: [1, 2] })
      ])
      assert.deepStrictEqual(said, [
        "- no validation example ran",
        "- too few to judge: 1 of 3 validation examples were answered"
      ])
    })
  )

  it.effect("by objective keeps the short beside the good; by both, who is best at an example too", () =>
    Effect.gen(function* () {
      const all = [
        candidate(0, [1, 0, 1], { objectives: { length: 400 } }),
        candidate(1, [1, 1, 1], { objectives: { length: 800 } }),
        candidate(2, [1, 0, 0], { objectives: { length: 100 } }),
        candidate(3, [1, 0, 1], { objectives: { length: 200 } })
      ]
      assert.deepStrictEqual((yield* course(Pareto.layer({ by: "example" }), all)).ids, [1])
      const objectives = { score: 1, length: 0.01 }
      assert.deepStrictEqual((yield* course(Pareto.layer({ by: "objective", objectives }), all)).ids, [1, 2])
      const both = yield* course(Pareto.layer({ by: "both", objectives }), all)
      assert.deepStrictEqual([both.ids, both.best], [[1, 2], 1])
      assert.deepStrictEqual((yield* course(Pareto.layer({ by: "both" }), all)).ids, [1])
    })
  )

  it.effect("hands out what the weights say, and keeps it whatever it leads", () =>
    Effect.gen(function* () {
      const good = candidate(0, [0.95, 1], { objectives: { tokens: 4000 } })
      const cheap = candidate(1, [0.9, 1], { objectives: { tokens: 10 } })
      for (const by of ["example", "objective", "both"] as const) {
        const weighed = { by, objectives: { score: 0.2, tokens: 0.8 } }
        const { best, ids, said } = yield* course(Pareto.layer(weighed), [good, cheap])
        assert.deepStrictEqual([best, ids], [1, [0, 1]])
        if (by === "example") assert.deepStrictEqual(said, ["+ validation 0.950, best by weight"])
        assert.strictEqual((yield* course(TopK.layer(weighed), [good, cheap])).best, 1)
        assert.strictEqual((yield* course(Pareto.layer({ by }), [good, cheap])).best, 0)
      }
    })
  )
})

describe("a beam", () => {
  it.effect("is filled, then lets in who is better than its weakest, and never loses its best", () =>
    Effect.gen(function* () {
      const { best, ids, said } = yield* course(Beam.layer({ width: 2 }), [[0.5], [0.25], [0.25], [0.75], [0]])
      assert.deepStrictEqual([ids, best], [[0, 3], 3])
      assert.deepStrictEqual(said, [
        "+ validation 0.500 -> 0.250",
        "- validation 0.500 -> 0.250; no better than any of the 2 that are kept",
        "+ validation 0.500 -> 0.750; candidate 1 had to go",
        "- validation 0.500 -> 0.000; no better than any of the 2 that are kept"
      ])
    })
  )

  it.effect("extends each as often, and at once the best of them", () =>
    Effect.gen(function* () {
      const pool: Pool = [candidate(0, [0.2]), candidate(1, [0.9]), candidate(2, [0.5])]
      near(yield* drawn(Beam.layer(), pool), [1 / 3, 1 / 3, 1 / 3])
      const { selectMany } = yield* Effect.provide(Selector, Beam.layer())
      assert.deepStrictEqual(
        (yield* selectMany!(pool, 2)).map(({ id }) => id),
        [1, 2]
      )
      assert.strictEqual((yield* selectMany!(pool, 9)).length, 3)
    })
  )
})

describe("a larger pool", () => {
  const pool: Pool = [candidate(0, [0.1]), candidate(1, [0.6]), candidate(2, [0.5]), candidate(3, [0.6])]

  it.effect("lets in who is not worse than what it came from, and the best, the earlier of equals, is handed out", () =>
    Effect.gen(function* () {
      const { best, ids } = yield* course(TopK.layer(), [
        [0.5],
        [0.4],
        [0.6],
        candidate(3, [0.55], { parent: 2 }),
        [0.6]
      ])
      assert.deepStrictEqual([ids, best], [[0, 2, 4], 2])
    })
  )

  it.effect("extends one of the top few", () =>
    Effect.gen(function* () {
      near(yield* drawn(TopK.layer({ k: 2 }), pool), [0, 0.5, 0, 0.5])
    })
  )

  it.effect("extends the best but for a share of the steps", () =>
    Effect.gen(function* () {
      near(yield* drawn(EpsilonGreedy.layer({ epsilon: 0 }), pool), [0, 1, 0, 0])
      near(yield* drawn(EpsilonGreedy.layer({ epsilon: 0.4 }), pool), [0.1, 0.7, 0.1, 0.1])
    })
  )

  it.effect("extends the better more often, the more so the colder", () =>
    Effect.gen(function* () {
      near(yield* drawn(Softmax.layer({ temperature: 0 }), pool), [0, 1, 0, 0])
      const e = Math.exp(-1)
      const total = 2 + e + Math.exp(-5)
      near(yield* drawn(Softmax.layer({ temperature: 0.1 }), pool), [0, 1 / total, e / total, 1 / total])
      near(yield* drawn(Softmax.layer({ temperature: 1e6 }), pool), [0.25, 0.25, 0.25, 0.25])
    })
  )
})

describe("whatever fails", () => {
  const Score = Schema.NullOr(Schema.Literals([0, 0.5, 1]))
  const Known = Schema.Literals([0, 0.5, 1])
  const four = <A extends number | null>(of: Schema.Codec<A>) => Schema.Tuple([of, of, of, of])

  for (const [name, layer] of [
    ["the front", Pareto.layer()],
    ["a beam", Beam.layer({ width: 2 })],
    ["a pool", Softmax.layer({ size: 3 })]
  ] as const) {
    it.effect.prop(
      `${name} hands out nothing worse than a seed that ran everywhere`,
      [four(Known), Schema.Array(four(Score))],
      ([seed, proposals]) =>
        Effect.gen(function* () {
          const atWorst = (scores: Scores) => scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)
          const { best, pool } = yield* course(layer, [seed, ...proposals])
          assert.isAtLeast(atWorst(pool.find(({ id }) => id === best)!.scores!), atWorst(seed))
        }),
      { arbitrary: { runs: 200 } }
    )
  }
})
