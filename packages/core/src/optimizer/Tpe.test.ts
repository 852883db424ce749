import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Random, Schema } from "effect"
import * as Tpe from "./Tpe.ts"

const Size = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4 }))

const withRandom = <A>(seed: string | number, f: (random: () => number) => A) =>
  Effect.map(Random.Random, (random) => f(() => random.nextDoubleUnsafe())).pipe(Random.withSeed(seed))

/** The best score of so many trials, each given by `propose`. */
const search = (
  score: (point: Tpe.Point) => number,
  trials: number,
  propose: (known: ReadonlyArray<Tpe.Trial>) => Tpe.Point | undefined
): number => {
  const known: Array<Tpe.Trial> = []
  for (let i = 0; i < trials; i++) {
    const point = propose(known)
    if (point === undefined) break
    known.push({ point, score: score(point) })
  }
  return Math.max(...known.map(({ score }) => score))
}

/** Functions whose best combination is known, with a seed that moves it. Best: 1. */
const functions: ReadonlyArray<readonly [string, ReadonlyArray<number>, (point: Tpe.Point, seed: number) => number]> = [
  [
    "choices that count each for itself",
    [6, 6, 6, 6],
    (point, seed) => point.filter((option, i) => option === (seed + i) % 6).length / 4
  ],
  [
    "choices in order, nearer is better",
    [8, 8, 8],
    (point, seed) => 1 - point.reduce((sum, option, i) => sum + Math.abs(option - ((seed + 3 * i) % 8)), 0) / 24
  ],
  [
    "pairs of choices that only help together",
    [6, 6, 6, 6],
    (point, seed) =>
      [0, 2].filter((i) => point[i] === seed % 6 && point[i + 1] === (seed + i + 1) % 6).length / 2.5 +
      (point.includes(seed % 6) ? 0.2 : 0)
  ]
]

describe("a tree-structured Parzen estimator", () => {
  it.effect.prop(
    "gives every combination once, within its sizes, and then no more",
    [Arbitrary.array(Arbitrary.schema(Size), { maxLength: 4 }), Arbitrary.schema(Schema.Int)],
    ([sizes, seed]) =>
      withRandom(seed, (random) => {
        const count = sizes.reduce((product, size) => product * size, 1)
        const trials: Array<Tpe.Trial> = []
        for (let i = 0; i < count; i++) {
          const point = Tpe.next(sizes, trials, random)
          assert(point !== undefined)
          assert.isTrue(point.length === sizes.length && point.every((option, i) => option >= 0 && option < sizes[i]!))
          trials.push({ point, score: random() })
        }
        assert.strictEqual(new Set(trials.map(({ point }) => point.join())).size, count)
        assert.isUndefined(Tpe.next(sizes, trials, random))
      }),
    { arbitrary: { runs: 100 } }
  )

  it.effect("gives the same from the same random numbers, and none where a choice has no options", () =>
    Effect.gen(function* () {
      const trials = [0, 1, 2, 3, 4, 5].map((i) => ({ point: [i, 0], score: i }))
      const draw = withRandom("a", (random) => Tpe.next([9, 9], trials, random))
      assert.deepStrictEqual(yield* draw, yield* draw)
      assert.isUndefined(yield* withRandom("a", (random) => Tpe.next([3, 0], [], random)))
      assert.deepStrictEqual(yield* withRandom("a", (random) => Tpe.next([], [], random)), [])
    })
  )

  it.effect("keeps to what the better trials have in common", () =>
    withRandom("common", (random) => {
      const trials = Array.from({ length: 40 }, (_, i) => {
        const point = [i % 5, (i * 3) % 8, (i * 7) % 10]
        return { point, score: point[0] === 2 ? 1 : 0 }
      })
      const drawn = Array.from({ length: 100 }, () => Tpe.next([5, 8, 10], trials, random)!)
      // by chance it would be 20
      assert.isAbove(drawn.filter(([first]) => first === 2).length, 80)
    })
  )

  for (const [name, sizes, of] of functions) {
    it.effect(`finds more than chance over 50 seeds, with equally many trials: ${name}`, () =>
      Effect.gen(function* () {
        const seeds = Array.from({ length: 50 }, (_, seed) => seed)
        const found = yield* Effect.forEach(seeds, (seed) =>
          Effect.all([
            withRandom(`tpe ${seed}`, (random) =>
              search(
                (point) => of(point, seed),
                60,
                (known) => Tpe.next(sizes, known, random)
              )
            ),
            // the same without anything learned: never the same combination twice
            withRandom(`chance ${seed}`, (random) =>
              search(
                (point) => of(point, seed),
                60,
                (known) => Tpe.next(sizes, known, random, { startup: Number.POSITIVE_INFINITY })
              )
            )
          ])
        )
        const mean = (i: 0 | 1) => found.reduce((sum, pair) => sum + pair[i], 0) / found.length
        const wins = found.filter(([tpe, chance]) => tpe > chance).length
        const losses = found.filter(([tpe, chance]) => tpe < chance).length
        assert.isAbove(mean(0), mean(1))
        assert.isAbove(wins, 3 * losses)
      })
    )
  }
})
