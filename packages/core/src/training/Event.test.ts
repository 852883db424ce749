import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Hash, type Layer, Schema } from "effect"
import { eventsOf, meddled } from "../../fixture/runs.ts"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { BackwardModel, OptimizerModel, TextModel } from "../model/TextModel.ts"
import * as Errors from "../model/TextModelError.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Spend from "../policy/Spend.ts"
import * as Latest from "../selector/Latest.ts"
import type { Selector } from "../selector/Selector.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import { Event } from "./Event.ts"
import * as Trainer from "./Trainer.ts"

const codec = Schema.toCodecJson(Event)

/** A student that fails now and then, in every way, as its seed and the request say. */
const flaky = (seed: number, options: Partial<StudentModel.Options>) => {
  const failures: ReadonlyArray<Errors.TextModelError | Completion.Completion> = [
    new Errors.EmptyReply({ message: "nothing" }),
    new Errors.ContentFiltered({ message: "withheld" }),
    new Errors.ContextTooLong({ message: "too long" }),
    new Errors.ReplyTooLarge({ message: "too large" }),
    Completion.make("half", { finishReason: "length" }),
    Completion.make("no JSON at all")
  ]
  return meddled((request) => {
    const drawn = Math.abs(Hash.string(`${seed}/${Request.key(request)}`))
    const said = drawn % 8 === 0 ? failures[drawn % failures.length]! : undefined
    return said === undefined || "finishReason" in said ? said && Effect.succeed(said) : Effect.fail(said)
  }, options)
}

const run = (
  options: Partial<Trainer.Options>,
  selector: Layer.Layer<Selector>,
  models: Layer.Layer<TextModel | BackwardModel | OptimizerModel>
) =>
  eventsOf(Trainer.fit(StudentModel.task({ rules: 7 }), options)).pipe(
    Effect.provide([TextualGradientDescent.layer(), selector], { local: true }),
    Effect.provide(models, { local: true })
  )

/** What must hold of the events of any run, at any point of it. */
const consistent = (events: ReadonlyArray<Event>, gated: boolean) => {
  const candidates = new Map<number, string>()
  let [step, current, open] = [0, 0, undefined as Extract<Event, { _tag: "Proposed" }> | undefined]
  assert.strictEqual(events[0]?._tag, "RunStarted")
  for (const [i, event] of events.entries()) {
    const place = `event ${i}, ${event._tag}`
    if (event._tag === "StepStarted") {
      assert.isUndefined(open, place)
      assert.strictEqual(event.step, ++step, place)
      assert.strictEqual(event.candidate, current, place)
    }
    assert.strictEqual(event.step, step, place)
    switch (event._tag) {
      case "RunStarted":
        assert.strictEqual(i, 0)
        candidates.set(0, JSON.stringify(event.parameters))
        break
      case "ExampleEvaluated":
        assert.isTrue(candidates.has(event.candidate), place)
        if (event.split === "train") assert.strictEqual(event.candidate, current, place)
        else assert.isTrue(gated && event.candidate === (open?.candidate ?? 0), place)
        break
      case "Evaluated":
        assert.strictEqual(event.candidate, open?.candidate ?? 0, place)
        assert.isTrue(event.summary.low <= event.summary.mean && event.summary.mean <= event.summary.high, place)
        assert.strictEqual(event.summary.n + event.summary.errors, 12, place)
        break
      case "FeedbackGiven":
        assert.strictEqual(event.candidate, current, place)
        assert.isAbove(event.feedback.length, 0, place)
        break
      case "Proposed":
        assert.strictEqual(event.candidate, candidates.size, place)
        assert.strictEqual(event.parent, current, place)
        for (const { after, before, parameter } of event.changes) {
          assert.strictEqual(JSON.stringify({ [parameter]: before }), candidates.get(event.parent), place)
          candidates.set(event.candidate, JSON.stringify({ [parameter]: after }))
        }
        open = event
        break
      case "Accepted":
      case "Rejected":
        assert.deepStrictEqual([event.candidate, event.parent], [open?.candidate, open?.parent], place)
        if (event._tag === "Accepted") current = event.candidate
        open = undefined
        break
      case "StepSkipped":
        assert.isUndefined(open, place)
        assert.notStrictEqual(event.reason, "", place)
        break
      case "Checkpointed":
      case "RunFinished":
        assert.strictEqual(event.candidate, current, place)
        assert.strictEqual(JSON.stringify(event.parameters), candidates.get(event.candidate), place)
        if (event._tag === "RunFinished") assert.strictEqual(i, events.length - 1, "nothing comes after it")
        else assert.strictEqual(events[i + 1]?._tag === "Checkpointed", false, place)
    }
  }
  return { steps: step, checkpoints: events.filter(({ _tag }) => _tag === "Checkpointed").length }
}

const selectors = [Latest.layer, ValidationGate.layer(), ValidationGate.layer({ accept: "strictGain" })] as const

describe("the events of a run", () => {
  it.effect.prop(
    "have consistent steps, candidates and parents, and the end is told last, whatever fails on the way",
    [
      Schema.Struct({
        seed: Schema.Int,
        selector: Schema.Literals([0, 1, 2]),
        batchSize: Schema.Literals([1, 3, 4, 20]),
        forgetful: Schema.Literals([120, 250, 10_000]),
        concurrency: Schema.Literals([1, 16])
      })
    ],
    ([{ batchSize, concurrency, forgetful, seed, selector }]) =>
      Effect.gen(function* () {
        const { error, events } = yield* run(
          { seed, batchSize, concurrency, steps: 8 },
          selectors[selector],
          flaky(seed, { forgetful })
        )
        const { checkpoints, steps } = consistent(events, selector > 0)
        if (error === undefined) {
          assert.strictEqual(events.at(-1)?._tag, "RunFinished")
          assert.strictEqual(checkpoints, steps)
        } else {
          // only where all examples of a minibatch failed
          assert.isTrue(Errors.isTextModelError(error))
          assert.isFalse(events.some(({ _tag }) => _tag === "RunFinished"))
          assert.strictEqual(checkpoints, steps - 1)
        }
      }),
    { arbitrary: { runs: 120 } }
  )

  it.effect(
    "are plain data by their schema: written as JSON and read again they are the same, and every kind occurs",
    () =>
      Effect.gen(function* () {
        const kinds = new Set<string>()
        for (let seed = 0; seed < 12; seed++) {
          for (const selector of selectors) {
            const { events } = yield* run(
              { seed, steps: 6, proposals: seed === 1 ? 2 : 1 },
              selector,
              flaky(seed, { forgetful: 250, stubborn: seed === 0 })
            )
            for (const event of events) {
              const line = JSON.stringify(yield* Schema.encodeEffect(codec)(event))
              const read = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(line))
              assert.deepStrictEqual(read, event)
              kinds.add(event._tag)
              if (event._tag === "ExampleEvaluated") kinds.add(event.result._tag)
            }
          }
        }
        const all = Event.members.map((member) => member.fields._tag.schema.literal)
        assert.sameMembers([...kinds], [...all, "Scored", "Failed"])
      })
  )

  it.effect("say what the run is, so that it can be read without the program that made it", () =>
    Effect.gen(function* () {
      const task = StudentModel.task({ rules: 7 })
      const { events } = yield* run({ seed: 3, steps: 2, run: "r" }, Latest.layer, StudentModel.layer())
      const { at: _, ...started } = events[0]!
      assert.deepStrictEqual(started, {
        _tag: "RunStarted",
        version: 1,
        run: "r",
        step: 0,
        usage: Completion.noUsage,
        spend: Spend.none,
        task: "student",
        seed: 3,
        steps: 2,
        batchSize: 4,
        sizes: { train: 12, validation: 12, test: 12 },
        parameters: Parameters.save(task.parameters)
      })
    })
  )

  it.effect("are read from runs of earlier versions too, which knew nothing of money", () =>
    Effect.gen(function* () {
      const { events } = yield* run({ steps: 1 }, Latest.layer, StudentModel.layer())
      for (const { spend, ...event } of events) {
        assert.deepStrictEqual(spend, Spend.none)
        assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Event)(event), event)
      }
    })
  )
})
