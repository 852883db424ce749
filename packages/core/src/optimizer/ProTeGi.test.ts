import { Laws, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ending, eventsOf, of } from "../../fixture/runs.ts"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Message from "../model/Message.ts"
import type { Request } from "../model/Request.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Fence from "../prompts/Fence.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import { Optimizer } from "./Optimizer.ts"
import * as ProTeGi from "./ProTeGi.ts"

const parameters = Parameters.make({ p: Parameter.text("Answer.", { role: "instructions" }) })
const points = ["point A", "point B", "point C", "point D", "point E"]
const gradients = GradientMap.make(
  new Map([[parameters.p, points.map((text) => Feedback.make(text, { from: "check" }))]])
)

const userOf = ({ messages }: Request) => Message.text(messages.at(-1)!)
const isParaphrase = (request: Request) => userOf(request).includes("in other words")

/** What is proposed for each sample, and what was asked for it. */
const propose = Effect.fnUntraced(function* (samples: ReadonlyArray<number>, options: Partial<ProTeGi.Options> = {}) {
  return yield* Effect.forEach(samples, (sample) =>
    Effect.gen(function* () {
      const { values } = yield* Optimizer.propose(parameters, gradients, { sample })
      const requests = yield* (yield* ScriptedModel).requests
      const [edit] = requests
      return {
        value: values.get("p"),
        answered: points.filter((point) => userOf(edit!).includes(Fence.wrap("feedback", point))),
        asked: requests.map((request) => [isParaphrase(request) ? "paraphrase" : "edit", request.sample] as const)
      }
    }).pipe(
      Effect.provide(ProTeGi.layer(options), { local: true }),
      Effect.provide(
        ScriptedModel.respond((request) => ({
          value: isParaphrase(request) ? "In other words." : "Edited.",
          changed: "it"
        })),
        { local: true }
      )
    )
  )
})

const wrong = Task.make({
  name: "always wrong",
  parameters: Parameters.make({ p: Parameter.text("Answer.", { role: "instructions" }) }),
  forward: (p, _: number) => Effect.succeed(p.p),
  metric: (_, place) => ({ score: 0, feedback: `point ${place}` }),
  train: [0, 1, 2, 3]
})

/** A step of four proposals, all of which are kept. */
const fourProposals = eventsOf(Trainer.fit(wrong, { steps: 1, proposals: 4 })).pipe(
  Effect.provide(Layer.mergeAll(ProTeGi.layer(), Latest.layer))
)

describe("many edits of one text", () => {
  it.effect("keep the laws of optimizers", () => Laws.optimizer(ProTeGi.layer(), { runs: 40 }))

  it.effect("answer another part of the criticism each; all of it has its turn", () =>
    Effect.gen(function* () {
      const answered = (yield* propose([0, 2, 4])).map(({ answered }) => answered)
      assert.deepStrictEqual(
        answered.map(({ length }) => length),
        [2, 2, 1]
      )
      assert.deepStrictEqual(answered.flat().sort(), points)
      const whole = yield* propose([0], { group: 9 })
      assert.deepStrictEqual(whole[0]!.answered, points)
    })
  )

  it.effect("come again in other words, after the same question for the edit", () =>
    Effect.gen(function* () {
      const [first, second, third] = yield* propose([0, 1, 2])
      assert.deepStrictEqual([first!.value, second!.value, third!.value], ["Edited.", "In other words.", "Edited."])
      assert.deepStrictEqual(first!.asked, [["edit", 0]])
      assert.deepStrictEqual(second!.asked, [
        ["edit", 0],
        ["paraphrase", 1]
      ])
      assert.deepStrictEqual(second!.answered, first!.answered)
      assert.deepStrictEqual(third!.asked, [["edit", 1]])
      const none = yield* propose([0, 1, 2], { paraphrases: 0 })
      assert.deepStrictEqual(
        none.map(({ value }) => value),
        ["Edited.", "Edited.", "Edited."]
      )
    })
  )

  it.effect("are made once a step: a paraphrase is of the edit that is proposed beside it", () =>
    Effect.gen(function* () {
      let edits = 0
      let inOtherWords = 0
      const model = ScriptedModel.respond((request) => {
        if (request.purpose !== "optimizer") return "point"
        if (!isParaphrase(request)) return { value: `Edit ${edits++}`, changed: "it" }
        inOtherWords += 1
        return { value: `Other words for ${/Edit \d/.exec(userOf(request))?.[0]}`, changed: "words" }
      })
      const { error, events } = yield* Effect.provide(fourProposals, model)
      assert.isUndefined(error)
      assert.deepStrictEqual(
        of(events, "Proposed").map(({ changes }) => changes[0]!.after),
        ["Edit 0", "Other words for Edit 0", "Edit 1", "Other words for Edit 1"]
      )
      assert.deepStrictEqual([edits, inOtherWords], [2, 2])
    })
  )

  it.effect("have no paraphrase where they could not be made, and take no other with them", () =>
    Effect.gen(function* () {
      const model = ScriptedModel.respond((request) => {
        if (request.purpose !== "optimizer") return "point"
        if (isParaphrase(request)) return { value: "In other words.", changed: "it" }
        return request.sample === 0 ? "no JSON" : { value: "Edited.", changed: "it" }
      })
      const { error, events } = yield* Effect.provide(fourProposals, model)
      assert.isUndefined(error)
      assert.deepStrictEqual(
        of(events, "Proposed").map(({ changes }) => changes[0]!.after),
        ["Edited.", "In other words."]
      )
      assert.strictEqual(of(events, "ProposalDropped").length, 2)
    })
  )

  it.effect("teach the student, screened", () =>
    Effect.gen(function* () {
      const options = { proposals: 4, screen: { keep: 1, examples: 4 } }
      const { error, events } = yield* eventsOf(Trainer.fit(StudentModel.task(), options))
      assert.isUndefined(error)
      assert.strictEqual(ending(events).stopped, "target")
    }).pipe(
      Effect.provide(Layer.mergeAll(ProTeGi.layer(), ValidationGate.layer())),
      Effect.provide(StudentModel.layer())
    )
  )
})
