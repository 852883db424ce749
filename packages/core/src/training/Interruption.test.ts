import { ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { changed } from "../../fixture/runs.ts"
import * as Errors from "../model/TextModelError.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Trainer from "./Trainer.ts"

const tgd = TextualGradientDescent.layer()
const gate = Layer.mergeAll(tgd, ValidationGate.layer())
const latest = Layer.mergeAll(tgd, Latest.layer)
const student = StudentModel.task()

describe("a run that is stopped from outside", () => {
  /** Forward calls never end but for the first, which waits for the others to begin. */
  const stuck = Effect.gen(function* () {
    const seen = { begun: 0, interrupted: 0 }
    const all = yield* Deferred.make<void>()
    const layer = ScriptedModel.respond(() =>
      Effect.suspend(() => {
        seen.begun++
        if (seen.begun === 1) return Effect.as(Deferred.await(all), "general")
        const never = Effect.onInterrupt(Effect.never, () => Effect.sync(() => seen.interrupted++))
        return seen.begun === 4 ? Effect.andThen(Deferred.succeed(all, undefined), never) : never
      })
    )
    return { seen, layer }
  })

  it.effect("by taking no more of its events leaves no call behind", () =>
    Effect.gen(function* () {
      const { layer, seen } = yield* stuck
      const events = yield* Trainer.fit(student).pipe(
        Stream.takeUntil(({ _tag }) => _tag === "ExampleEvaluated"),
        Stream.runCollect,
        Effect.provide(latest),
        Effect.provide(layer)
      )
      assert.deepStrictEqual(
        events.map(({ _tag }) => _tag),
        ["RunStarted", "StepStarted", "ExampleEvaluated"]
      )
      assert.deepStrictEqual(seen, { begun: 4, interrupted: 3 })
      yield* TestClock.adjust("1 day")
      assert.strictEqual(seen.begun, 4)
    })
  )

  it.effect("by interruption leaves no call behind", () =>
    Effect.gen(function* () {
      const { layer, seen } = yield* stuck
      const told = yield* Deferred.make<void>()
      const fiber = yield* Trainer.fit(student).pipe(
        Stream.runForEach(({ _tag }) =>
          _tag === "ExampleEvaluated" ? Deferred.succeed(told, undefined) : Effect.void
        ),
        Effect.provide(latest),
        Effect.provide(layer),
        Effect.forkChild
      )
      yield* Deferred.await(told)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(seen, { begun: 4, interrupted: 3 })
    })
  )

  it.effect("by a consumer that fails leaves no call behind, and fails with it", () =>
    Effect.gen(function* () {
      const { layer, seen } = yield* stuck
      const error = yield* Trainer.fit(student).pipe(
        Stream.runForEach(({ _tag }) => (_tag === "ExampleEvaluated" ? Effect.fail("the disk is full") : Effect.void)),
        Effect.provide(latest),
        Effect.provide(layer),
        Effect.flip
      )
      assert.strictEqual(error, "the disk is full")
      assert.deepStrictEqual(seen, { begun: 4, interrupted: 3 })
    })
  )

  it.effect("does not run on ahead of a consumer that takes its time, and loses no event to it", () =>
    Effect.gen(function* () {
      const model = yield* ScriptedModel
      const seen: Array<readonly [string, number]> = []
      const fiber = yield* Trainer.fit(student, { target: 2 }).pipe(
        Stream.runForEach(({ _tag }) =>
          Effect.gen(function* () {
            seen.push([_tag, yield* model.calls()])
            yield* Effect.sleep("1 second")
          })
        ),
        Effect.forkChild
      )
      yield* TestClock.adjust("1 second")
      // the seed is evaluated on 12 examples; step 1 is 4 more, and what comes of them is not read yet
      assert.isAtMost(yield* model.calls(), 12 + 4 + 4 + 1 + 12)
      yield* TestClock.adjust("1 day")
      yield* Fiber.join(fiber)
      assert.isAbove(yield* model.calls(), 90)
      const fast = yield* Stream.runCollect(Trainer.fit(student, { target: 2 }))
      assert.deepStrictEqual(
        seen.map(([tag]) => tag),
        fast.map(({ _tag }) => _tag)
      )
    }).pipe(Effect.provide(gate), Effect.provide(StudentModel.layer()))
  )

  it.effect("by a failure tells a consumer that takes its time all that happened before", () =>
    Effect.gen(function* () {
      const run = Trainer.fit(student).pipe(
        Stream.tap(() => Effect.sleep("1 second")),
        Stream.runForEach(({ _tag }) => Effect.sync(() => seen.push(_tag)))
      )
      const seen: Array<string> = []
      const fiber = yield* Effect.forkChild(Effect.flip(run))
      yield* TestClock.adjust("1 day")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "OptimizerError")
      const told = ["RunStarted", ...Array(12).fill("ExampleEvaluated"), "Evaluated", "StepStarted"]
      assert.deepStrictEqual(seen, [...told, ...Array(4).fill("ExampleEvaluated"), "FeedbackGiven"])
    }).pipe(
      Effect.provide(gate),
      Effect.provide(
        changed(({ complete }) => ({
          complete: (request) =>
            request.purpose === "optimizer"
              ? Effect.fail(new Errors.ProviderUnavailable({ message: "away" }))
              : complete(request)
        }))
      )
    )
  )
})
