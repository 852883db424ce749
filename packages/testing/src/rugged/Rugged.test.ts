import {
  Evaluation,
  Latest,
  Merge,
  type ModelRoles,
  type Optimizer,
  Parameters,
  Pareto,
  Reflection,
  type Selector,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Rugged } from "../index.ts"

const tgd = TextualGradientDescent.layer()
const merging = Merge.layer().pipe(Layer.provide(Reflection.layer()))

const scored = (saved: Parameters.Saved, split: "validation" | "test", seed: number) => {
  const task = Rugged.task({ seed })
  return Parameters.load(task.parameters, saved).pipe(
    Effect.flatMap((parameters) => Evaluation.run(task, parameters, task[split])),
    Effect.map(({ interval }) => interval.mean),
    Effect.provide(Rugged.layer())
  )
}

/** The test scores of what runs hand out. */
const finals = (
  optimizer: Layer.Layer<Optimizer, never, ModelRoles>,
  selector: Layer.Layer<Selector>,
  options: { readonly seeds: number; readonly steps: number }
) =>
  Effect.forEach(
    Array.from({ length: options.seeds }, (_, seed) => seed),
    (seed) =>
      Effect.gen(function* () {
        const task = Rugged.task({ seed })
        const parameters = yield* Trainer.fit(task, { seed, steps: options.steps }).pipe(
          Trainer.result(task),
          Effect.provide([optimizer, selector]),
          Effect.provide(Rugged.layer())
        )
        return yield* scored(Parameters.save(parameters), "test", seed)
      })
  )

const mean = (scores: ReadonlyArray<number>) => scores.reduce((sum, score) => sum + score, 0) / scores.length

describe("the rugged task", () => {
  it.effect("has a seed and a best score that are known, on both held-out sets and for any seed", () =>
    Effect.gen(function* () {
      for (const seed of [0, 7]) {
        for (const split of ["validation", "test"] as const) {
          const start = Parameters.save(Rugged.task({ seed }).parameters)
          assert.closeTo(yield* scored(start, split, seed), Rugged.seedScore, 1e-9)
          assert.closeTo(yield* scored(Rugged.solution, split, seed), Rugged.reachable, 1e-9)
        }
      }
    })
  )

  it.effect("is the same for the same seed, and another for another", () =>
    Effect.sync(() => {
      assert.deepStrictEqual(Rugged.task({ seed: 3 }).train, Rugged.task({ seed: 3 }).train)
      assert.notDeepEqual(Rugged.task({ seed: 3 }).train, Rugged.task({ seed: 4 }).train)
    })
  )

  it.effect("every rule alone is a step down, and with its exceptions a step up", () =>
    Effect.gen(function* () {
      const start = Parameters.save(Rugged.task().parameters)
      for (const [desk, text] of Object.entries(Rugged.solution)) {
        const [first, rule] = text.split("\n")
        const alone = yield* scored({ ...start, [desk]: `${first}\n${rule}` }, "validation", 0)
        assert.isBelow(alone, Rugged.seedScore)
        assert.isAbove(yield* scored({ ...start, [desk]: text }, "validation", 0), Rugged.seedScore)
      }
    })
  )

  it.effect("stalls whoever climbs the mean: nothing but the seed's score is ever kept", () =>
    Effect.gen(function* () {
      for (const optimizer of [tgd, Reflection.layer()]) {
        const scores = yield* finals(optimizer, ValidationGate.layer(), { seeds: 4, steps: 30 })
        for (const score of scores) assert.closeTo(score, Rugged.seedScore, 1e-9)
      }
    })
  )

  it.effect("ends below the best for whoever keeps what comes: the mislabelled examples are learned, too", () =>
    Effect.gen(function* () {
      const scores = yield* finals(tgd, Latest.layer, { seeds: 4, steps: 60 })
      for (const score of scores) assert.isAtMost(score, 0.9)
      const task = Rugged.task({ mislabelled: 0 })
      const clean = yield* Trainer.fit(task, { steps: 60 }).pipe(
        Stream.runLast,
        Effect.provide([tgd, Latest.layer]),
        Effect.provide(Rugged.layer())
      )
      assert(clean._tag === "Some" && clean.value._tag === "RunFinished")
      assert.closeTo(yield* scored(clean.value.parameters, "test", 0), Rugged.reachable, 1e-9)
    })
  )

  it.effect("is crossed by a Pareto front, and further by one that merges", () =>
    Effect.gen(function* () {
      const options = { seeds: 8, steps: 80 }
      const alone = yield* finals(Reflection.layer(), Pareto.layer(), options)
      const merged = yield* finals(merging, Pareto.layer(), options)
      for (const score of alone) assert.isAbove(score, Rugged.seedScore)
      assert.isAbove(mean(merged), mean(alone))
      // of eight seeds, more than half
      assert.isAbove(merged.filter((score) => score >= 0.95 * Rugged.reachable).length, 4)
    })
  )
})
