import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ending, eventsOf, meddled, of } from "../../fixture/runs.ts"
import * as Completion from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import type * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Errors from "../model/TextModelError.ts"
import { Optimizer, OptimizerError, ProposalFailed } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Minibatches from "./Minibatches.ts"
import * as Trainer from "./Trainer.ts"

const tgd = TextualGradientDescent.layer()
const gate = Layer.mergeAll(tgd, ValidationGate.layer())
const latest = Layer.mergeAll(tgd, Latest.layer)
const student = StudentModel.task()

describe("a reply that cannot be used", () => {
  const unusable: ReadonlyArray<readonly [string, () => ReturnType<Service["complete"]>]> = [
    ["unreadable", () => Effect.succeed(Completion.make("I would rather not."))],
    ["cut", () => Effect.succeed(Completion.make(`{"value":"va`, { finishReason: "length" }))],
    ["filtered", () => Effect.succeed(Completion.make("", { finishReason: "content-filter" }))],
    ["empty", () => Effect.succeed(Completion.make(" "))],
    ["too large", () => Effect.fail(new Errors.ReplyTooLarge({ message: "too large" }))],
    ["never made, as the prompt is too long,", () => Effect.fail(new Errors.ContextTooLong({ message: "too long" }))]
  ]

  // of the critic whatever it is asked of the first minibatch; of the editor its first call, and the repair of that
  const firstBatch = Minibatches.at({ size: student.train.length, batchSize: 4, seed: 0, step: 1 })
  const meddler = (purpose: Request.Purpose, how: string, say: () => ReturnType<Service["complete"]>) =>
    Layer.unwrap(
      Effect.map(firstBatch, (places) =>
        meddled((request, call) => {
          if (request.purpose !== purpose) return undefined
          if (purpose === "optimizer") return call <= (how === "unreadable" ? 2 : 1) ? say() : undefined
          const asked = request.messages.map(Message.text).join()
          return places.some((place) => asked.includes(student.train[place]!.message)) ? say() : undefined
        })
      )
    )

  for (const purpose of ["backward", "optimizer"] as const) {
    for (const [how, say] of unusable) {
      it.effect(
        `of the ${purpose === "backward" ? "critic" : "editor"} that is ${how} costs the step and not the run`,
        () =>
          Effect.gen(function* () {
            const { error, events } = yield* eventsOf(Trainer.fit(student, { steps: 3, target: 2 }))
            assert.isUndefined(error)
            assert.strictEqual(ending(events).stopped, "steps")
            const skipped = of(events, "StepSkipped")
            assert.deepStrictEqual(
              skipped.map(({ step }) => step),
              [1]
            )
            assert.match(skipped[0]!.reason, purpose === "backward" ? /Generate/ : /no proposal for "instructions"/)
            assert.deepStrictEqual(
              of(events, "Proposed").map(({ candidate, step }) => [step, candidate]),
              [
                [2, 1],
                [3, 2]
              ]
            )
          }).pipe(Effect.provide(gate), Effect.provide(meddler(purpose, how, say)))
      )
    }
  }

  for (const purpose of ["backward", "optimizer"] as const) {
    it.effect(`is another matter than a ${purpose} model that cannot be asked: that ends the run, typed`, () =>
      Effect.gen(function* () {
        for (const reason of [
          new Errors.Unauthorized({ message: "the key is wrong" }),
          new Errors.ProviderUnavailable({ message: "away" }),
          new Errors.InvalidRequest({ message: "malformed" })
        ]) {
          const { error, events } = yield* eventsOf(Trainer.fit(student)).pipe(
            Effect.provide(gate, { local: true }),
            Effect.provide(
              meddled((request) => (request.purpose === purpose ? Effect.fail(reason) : undefined)),
              {
                local: true
              }
            )
          )
          assert.deepInclude(error, { _tag: purpose === "backward" ? "BackwardError" : "OptimizerError", reason })
          assert.isFalse(events.some(({ _tag }) => _tag === "RunFinished"))
        }
      })
    )
  }
})

describe("an optimizer without a proposal", () => {
  it.effect("costs the step and not the run", () =>
    Effect.gen(function* () {
      let asked = 0
      const hesitant = Layer.succeed(Optimizer, {
        propose: ({ entries }) =>
          Effect.suspend(() =>
            ++asked === 2
              ? Effect.succeed({ values: new Map([["instructions", "better"]]), reasons: new Map() })
              : new OptimizerError({
                  parameter: entries[0]!.name,
                  reason: new ProposalFailed({ message: "no candidates left" })
                })
          )
      })
      const { error, events } = yield* eventsOf(Trainer.fit(student, { steps: 3 })).pipe(
        Effect.provide([hesitant, Latest.layer])
      )
      assert.isUndefined(error)
      assert.deepStrictEqual(
        of(events, "StepSkipped").map(({ reason, step }) => [step, reason]),
        [1, 3].map((step) => [step, `no proposal for "instructions": no candidates left`])
      )
      assert.deepStrictEqual(ending(events).parameters, { instructions: "better" })
    }).pipe(Effect.provide(StudentModel.layer()))
  )
})

describe("an example that fails", () => {
  const broken = (request: Request.Request, ...cases: ReadonlyArray<string>) =>
    request.purpose === "forward" && cases.some((one) => JSON.stringify(request.messages.at(-1)).includes(one))
      ? Effect.fail(new Errors.ContentFiltered({ message: "withheld" }))
      : undefined

  it.effect("is reported and left out of the step, and of the mean", () =>
    Effect.gen(function* () {
      const { events } = yield* eventsOf(Trainer.fit(student, { steps: 3, target: 2 }))
      const failed = of(events, "ExampleEvaluated").filter(({ result }) => result._tag === "Failed")
      const places = (split: string) =>
        new Set(failed.filter((event) => event.split === split).map(({ result }) => result.index))
      const at = (set: typeof student.train, text: string) => set.findIndex(({ message }) => message.includes(text))
      assert.deepStrictEqual(places("train"), new Set([at(student.train, "train case 3.")]))
      assert.deepStrictEqual(places("validation"), new Set([at(student.validation, "validation case 5.")]))
      assert.deepInclude(failed[0]!.result, { error: "ContentFiltered", message: "withheld" })
      for (const { summary } of of(events, "Evaluated")) assert.deepStrictEqual([summary.n, summary.errors], [11, 1])
      assert.strictEqual(of(events, "Evaluated").at(-1)!.summary.mean, 1)
    }).pipe(
      Effect.provide(gate),
      Effect.provide(meddled((request) => broken(request, "train case 3.", "validation case 5.")))
    )
  )

  it.effect("with all others of its minibatch costs the step, says why, and is no score of 0", () =>
    Effect.gen(function* () {
      const { error, events } = yield* eventsOf(Trainer.fit(student, { steps: 2 }))
      assert.isUndefined(error)
      assert.deepStrictEqual(
        of(events, "ExampleEvaluated").map(({ result }) => result._tag),
        Array(8).fill("Failed")
      )
      assert.strictEqual(of(events, "FeedbackGiven").length, 0)
      assert.strictEqual(of(events, "StepSkipped").length, 2)
      assert.isTrue(of(events, "StepSkipped").every(({ reason }) => reason.trim() !== ""))
      assert.deepInclude(ending(events), { stopped: "steps", candidate: 0 })
    }).pipe(Effect.provide(latest), Effect.provide(meddled((request) => broken(request, "train case"))))
  )

  it.effect("with all others of the validation set of the seed ends the run, typed", () =>
    Effect.gen(function* () {
      const { error, events } = yield* eventsOf(Trainer.fit(student))
      assert.strictEqual((error as { readonly _tag: string })._tag, "ContentFiltered")
      assert.strictEqual(of(events, "StepStarted").length, 0)
    }).pipe(Effect.provide(gate), Effect.provide(meddled((request) => broken(request, "validation case"))))
  )

  it.effect(
    "with all others of a candidate is the candidate's fault: it is rejected and the run goes on from its parent",
    () =>
      Effect.gen(function* () {
        const { error, events } = yield* eventsOf(Trainer.fit(student))
        assert.isUndefined(error)
        assert.strictEqual(ending(events).stopped, "target")
        const [rejected] = of(events, "Rejected")
        assert.deepInclude(rejected, { candidate: 1, parent: 0, reason: "no validation example ran for both" })
        assert.deepStrictEqual(
          of(events, "Proposed")
            .map(({ candidate }) => candidate)
            .slice(0, 2),
          [1, 2]
        )
        assert.strictEqual(of(events, "Proposed")[1]?.parent, 0)
      }).pipe(
        Effect.provide(gate),
        Effect.provide(
          meddled((request, call) => {
            if (request.purpose === "optimizer" && call === 1) {
              return Effect.succeed(Completion.make(JSON.stringify({ value: "Say nothing.", changed: "" })))
            }
            return JSON.stringify(request.messages[0]).includes("Say nothing.") && request.purpose === "forward"
              ? Effect.succeed(Completion.make(" "))
              : undefined
          })
        )
      )
  )

  it.effect("with all others as the provider is away is not the candidate's fault: that ends the run", () =>
    Effect.gen(function* () {
      const { error, events } = yield* eventsOf(Trainer.fit(student))
      assert.strictEqual((error as { readonly _tag: string })._tag, "RateLimited")
      assert.deepStrictEqual([of(events, "Proposed").length, of(events, "Rejected").length], [1, 0])
    }).pipe(
      Effect.provide(gate),
      Effect.provide(
        meddled(({ purpose }, call) =>
          purpose === "forward" && call > 16 ? Effect.fail(new Errors.RateLimited({ message: "slow down" })) : undefined
        )
      )
    )
  )
})
