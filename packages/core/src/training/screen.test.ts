import { ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Trainer from "./Trainer.ts"

const task = StudentModel.task()
const rules = [
  ...new Set(task.train.map(({ answer, topic }) => `Messages about [${topic}] are answered with [${answer}].`))
]

/** Proposal number `best` states all rules, the others one each; each shows some examples. */
const proposing = (best: number, demonstrated: (sample: number) => ReadonlyArray<number> = () => []) =>
  Layer.succeed(Optimizer, {
    differentiates: false,
    propose: ({ sample }) =>
      Effect.succeed({
        values: new Map([["instructions", sample === best ? rules.join("\n") : `${sample}. ${rules[sample % 6]}`]]),
        reasons: new Map(),
        demonstrated: demonstrated(sample)
      })
  })

const run = (options: Partial<Trainer.Options>, best = 5, demonstrated?: (sample: number) => ReadonlyArray<number>) =>
  eventsOf(Trainer.fit(task, { steps: 1, ...options })).pipe(
    Effect.provide(Layer.mergeAll(proposing(best, demonstrated), ValidationGate.layer()), { local: true }),
    Effect.map(({ error, events }) => {
      assert.isUndefined(error)
      return events
    })
  )

const screen = { keep: 1, examples: 3 }

describe("many proposals of a step", () => {
  it.effect("are screened on examples that it has not seen: only the best is validated", () =>
    Effect.gen(function* () {
      for (const best of [0, 3, 7]) {
        const events = yield* run({ proposals: 8, screen }, best)
        assert.deepStrictEqual(
          of(events, "Evaluated").map(({ candidate }) => candidate),
          [0, best + 1]
        )
        assert.deepStrictEqual(
          of(events, "Accepted").map(({ candidate }) => candidate),
          [best + 1]
        )
        const rejected = of(events, "Rejected")
        assert.strictEqual(rejected.length, 7)
        for (const { reason } of rejected)
          assert.match(reason, /^screened out: [\d.]+ on [368] training examples, place \d of \d$/)
        const minibatch = of(events, "StepStarted")[0]!.examples
        const runs = of(events, "ExampleEvaluated").filter(({ candidate, split }) => split === "train" && candidate > 0)
        for (const { result } of runs) assert.notInclude(minibatch, result.index)
        // eight, then four, then two of them: halved after 3 and 6 examples; the last two of the eight unseen decide
        assert.strictEqual(runs.length, 8 * 3 + 4 * 3 + 2 * 2)
      }
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("are not screened where as many are kept, and not asked about", () =>
    Effect.gen(function* () {
      const calls = Effect.fnUntraced(function* (options: Partial<Trainer.Options>) {
        yield* run({ proposals: 3, ...options })
        return yield* (yield* ScriptedModel).calls()
      }, Effect.provide(StudentModel.layer()))
      assert.strictEqual(yield* calls({ screen: { keep: 3, examples: 2 } }), yield* calls({}))
    })
  )

  it.effect("pass the gate on the minibatch first", () =>
    Effect.gen(function* () {
      const events = yield* run({ proposals: 6, screen, minibatchGate: "strictGain" })
      const reasons = of(events, "Rejected").map(({ reason }) => reason)
      assert.isTrue(reasons.some((reason) => reason.startsWith("minibatch")))
      assert.strictEqual(of(events, "Evaluated").length, 2)
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("are screened the same however much runs at once", () =>
    Effect.gen(function* () {
      const told = (concurrency: number) =>
        Effect.map(run({ proposals: 8, screen, concurrency }), (events) =>
          events.map(({ at: _, spend: __, usage: ___, ...event }) => event)
        )
      assert.deepStrictEqual(yield* told(1), yield* told(16))
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("are compared on examples that none of them shows; of none, the first go on", () =>
    Effect.gen(function* () {
      const train = (events: Parameters<typeof of>[0]) =>
        of(events, "ExampleEvaluated").filter(({ candidate, split }) => split === "train" && candidate > 0)
      const some = yield* run({ proposals: 4, screen }, 2, (sample) => [sample, 6 + sample])
      assert.isNotEmpty(train(some))
      for (const { result } of train(some)) assert.include([4, 5, 10, 11], result.index)
      assert.deepStrictEqual(
        of(some, "Evaluated").map(({ candidate }) => candidate),
        [0, 3]
      )
      const all = yield* run({ proposals: 3, screen }, 2, () => task.train.map((_, place) => place))
      assert.isEmpty(train(all))
      assert.deepStrictEqual(
        of(all, "Evaluated").map(({ candidate }) => candidate),
        [0, 1]
      )
      assert.match(of(all, "Rejected").at(-1)!.reason, /^screened out: no training example/)
    }).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("are screened on the minibatch where there is nothing else", () =>
    Effect.gen(function* () {
      const events = yield* run({ proposals: 4, screen: { keep: 2, examples: 12 }, batchSize: 12 }, 2)
      assert.strictEqual(of(events, "Evaluated").length, 3)
      assert.strictEqual(of(events, "Rejected").filter(({ reason }) => reason.startsWith("screened out")).length, 2)
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})
