import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { eventsOf, of } from "../../fixture/runs.ts"
import * as Errors from "../model/TextModelError.ts"
import * as Operation from "../operation/Operation.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import type { Selector } from "../selector/Selector.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import type { Event } from "./Event.ts"
import * as Trainer from "./Trainer.ts"

const scores: Readonly<{ [text: string]: number }> = { seed: 0.5, worse: 0.25, better: 0.75 }
const train = [0, 1, 2, 3]
const validation = [10, 11, 12, 13]

/** Each text has one score everywhere. `asked` is told of each try, and may let it fail. */
const taskOf = (asked: (text: string, place: number) => Effect.Effect<void, Errors.TextModelError>) =>
  Task.make({
    name: "texts with scores",
    parameters: Parameters.make({ text: Parameter.text("seed", { role: "text" }) }),
    forward: (p, place: number) =>
      Operation.make({
        name: "Try",
        role: "output",
        forward: (text: string) => Effect.as(asked(text, place), [text, undefined] as const),
        backward: (_, feedback) => Effect.succeed([feedback] as const)
      })(p.text),
    metric: (text) => scores[text] ?? 0,
    train,
    validation
  })

/** Proposes these texts, one a step; several at once where a step has several. */
const proposing = (...steps: ReadonlyArray<ReadonlyArray<string>>) =>
  Layer.succeed(Optimizer, {
    differentiates: false,
    propose: ({ sample, step }) =>
      Effect.succeed({ values: new Map([["text", steps[step - 1]![sample]!]]), reasons: new Map() })
  })

const run = Effect.fnUntraced(function* (
  steps: ReadonlyArray<ReadonlyArray<string>>,
  options: Partial<Trainer.Options> = {},
  selector: Layer.Layer<Selector> = ValidationGate.layer({ accept: "strictGain" }),
  fails: (text: string, place: number) => Errors.TextModelError | undefined = () => undefined
) {
  const tries: Array<string> = []
  const task = taskOf((text, place) =>
    Effect.suspend(() => {
      if (place >= 10) tries.push(text)
      const error = fails(text, place)
      return error === undefined ? Effect.void : Effect.fail(error)
    })
  )
  const { error, events } = yield* eventsOf(
    Trainer.fit(task, { steps: steps.length, proposals: steps[0]!.length, ...options })
  ).pipe(Effect.provide(Layer.mergeAll(proposing(...steps), selector), { local: true }))
  assert.isUndefined(error)
  return { events, validated: (text: string) => tries.filter((one) => one === text).length }
})

const skipped = (events: ReadonlyArray<Event>) => of(events, "StepSkipped").map(({ reason, step }) => [step, reason])

describe("a text that the validation set has judged", () => {
  it.effect("is not paid for again, kept or not, however often it is proposed", () =>
    Effect.gen(function* () {
      const { events, validated } = yield* run([["worse"], ["worse"], ["better"], ["worse"], ["seed"], ["better"]])
      assert.deepStrictEqual(["seed", "worse", "better"].map(validated), [4, 4, 4])
      assert.deepStrictEqual(skipped(events), [
        [2, "the same was tried in step 1"],
        [4, "the same was tried in step 1"],
        [5, "the same was tried in step 0"],
        [6, "the proposal changes nothing"]
      ])
    })
  )

  it.effect("is dropped among several, and takes no other with it", () =>
    Effect.gen(function* () {
      const { events, validated } = yield* run([
        ["worse", "worse"],
        ["worse", "better"]
      ])
      assert.deepStrictEqual(
        of(events, "ProposalDropped").map(({ reason, step }) => [step, reason]),
        [
          [1, "another proposal of this step is the same"],
          [2, "the same was tried in step 1"]
        ]
      )
      assert.deepStrictEqual(["worse", "better"].map(validated), [4, 4])
    })
  )

  it.effect("is known by a race that it lost", () =>
    Effect.gen(function* () {
      const { events, validated } = yield* run([["hopeless"], ["hopeless"]], { race: { rounds: 4 } })
      assert.match(of(events, "Rejected")[0]!.reason, /^lost the race after 2 of 4/)
      assert.strictEqual(validated("hopeless"), 2)
      assert.deepStrictEqual(skipped(events), [[2, "the same was tried in step 1"]])
    })
  )
})

describe("a text that nothing has judged for good", () => {
  it.effect("may come again where nothing is validated: the way may lead back", () =>
    Effect.gen(function* () {
      const { events } = yield* run([["worse"], ["seed"], ["worse"]], {}, Latest.layer)
      assert.deepStrictEqual(
        of(events, "Accepted").map(({ step }) => step),
        [1, 2, 3]
      )
    })
  )

  it.effect("may come again where the provider did not answer all of its examples", () =>
    Effect.gen(function* () {
      let lost = 0
      const { events, validated } = yield* run([["better"], ["better"], ["better"]], {}, undefined, (text, place) =>
        text === "better" && place > 10 && lost++ < 3 ? new Errors.RateLimited({ message: "slow down" }) : undefined
      )
      assert.deepStrictEqual(
        of(events, "Rejected").map(({ step }) => step),
        [1]
      )
      assert.deepStrictEqual(
        of(events, "Accepted").map(({ step }) => step),
        [2]
      )
      assert.strictEqual(validated("better"), 8)
    })
  )

  it.effect("may come again where it failed on a minibatch alone", () =>
    Effect.gen(function* () {
      const { events, validated } = yield* run([["worse"], ["worse"]], { minibatchGate: "strictGain" })
      assert.deepStrictEqual(
        of(events, "Rejected").map(({ step }) => step),
        [1, 2]
      )
      assert.strictEqual(validated("worse"), 0)
    })
  )
})
