import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Random } from "effect"
import { TestClock } from "effect/testing"
import { ending, eventsOf, meddled, of } from "../../fixture/runs.ts"
import * as Variable from "../graph/Variable.ts"
import * as Completion from "../model/Completion.ts"
import { Place } from "../model/Place.ts"
import type * as Request from "../model/Request.ts"
import * as Errors from "../model/TextModelError.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Task from "../task/Task.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Evaluation from "./Evaluation.ts"

const parameters = Parameters.make({ p: Parameter.text("x", { role: "p" }) })
const limited = (retryAfterMs?: number) =>
  new Errors.RateLimited({ message: "slow down", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
const unreadable = new Errors.ReplyUnreadable({ message: "what?", text: "?" })

/** Each example takes a time of its own; `fails` says with what its `attempt` (from 1) fails. */
const evaluation = (
  n: number,
  fails: (example: number, attempt: number) => Errors.TextModelError | undefined,
  options: Pick<Evaluation.Options<never>, "concurrency" | "onFailure">,
  seed = 0
) =>
  Effect.gen(function* () {
    const attempts: Array<number> = Array.from({ length: n }, () => 0)
    const begun: Array<number> = []
    const places: Array<string> = []
    const told: Array<string> = []
    const times = yield* Random.withSeed(
      Effect.forEach(attempts, () => Random.nextIntBetween(1, 100)),
      `${seed}`
    )
    const task = Task.make({
      name: "numbers",
      parameters,
      forward: (_, example: number) =>
        Effect.gen(function* () {
          begun.push(example)
          places.push(yield* Place)
          const error = fails(example, ++attempts[example]!)
          yield* Effect.sleep(times[example]!)
          return error === undefined ? Variable.constant(1, "output") : yield* Effect.fail(error)
        }),
      metric: (output) => output,
      train: []
    })
    const examples = attempts.map((_, i) => i)
    const fiber = yield* Effect.forkChild(
      Effect.exit(
        Evaluation.run(task, parameters, examples, {
          ...options,
          onResult: ({ _tag, index }) => Effect.sync(() => told.push(`${_tag} ${index}`))
        })
      )
    )
    yield* TestClock.adjust("10 minutes")
    return { exit: yield* Fiber.join(fiber), told, begun, attempts, places }
  })

const scoresOf = (exit: Effect.Success<ReturnType<typeof evaluation>>["exit"]) =>
  exit._tag === "Success" ? Evaluation.scores(exit.value) : exit.cause.reasons

describe("one failed example of sixteen", () => {
  for (const concurrency of [1, 4, 16]) {
    it.effect(`keeps the other fifteen, ${concurrency} at once`, () =>
      Effect.gen(function* () {
        const { exit, told } = yield* evaluation(16, (i) => (i === 5 ? unreadable : undefined), { concurrency })
        assert.deepStrictEqual(
          scoresOf(exit),
          Array.from({ length: 16 }, (_, i) => (i === 5 ? null : 1))
        )
        assert.strictEqual(told.length, 16)
        assert.strictEqual(told[5], "Failed 5")
      })
    )
  }
})

describe("an evaluation that fails with its examples", () => {
  it.effect("fails with the first in their order, and tells of those before it and of it, at any concurrency", () =>
    Effect.gen(function* () {
      for (let seed = 0; seed < 20; seed++) {
        for (const concurrency of [1, 3, 16]) {
          const { exit, told } = yield* evaluation(
            16,
            (i) => (i === 5 ? unreadable : i > 8 ? limited() : undefined),
            { concurrency, onFailure: "fail" },
            seed
          )
          assert.isTrue(exit._tag === "Failure")
          assert.deepInclude(exit._tag === "Failure" && exit.cause.reasons[0], { _tag: "Fail", error: unreadable })
          assert.deepStrictEqual(told, [...[0, 1, 2, 3, 4].map((i) => `Scored ${i}`), "Failed 5"])
        }
      }
    })
  )
})

describe("an evaluation that tries again later", () => {
  it.effect("tries what may pass once more, after all others, and tells of it in its place", () =>
    Effect.gen(function* () {
      for (let seed = 0; seed < 20; seed++) {
        for (const concurrency of [1, 3, 16]) {
          const { attempts, begun, exit, places, told } = yield* evaluation(
            12,
            // 2 passes the second time, 7 never, 9 in no way that passes
            (i, attempt) => (i === 7 || (i === 2 && attempt === 1) ? limited() : i === 9 ? unreadable : undefined),
            { concurrency, onFailure: "later" },
            seed
          )
          assert.deepStrictEqual(scoresOf(exit), [1, 1, 1, 1, 1, 1, 1, null, 1, null, 1, 1])
          assert.deepStrictEqual(exit._tag === "Success" && exit.value.unanswered, [7])
          assert.deepStrictEqual(attempts, [1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1, 1])
          assert.deepStrictEqual(begun.slice(12), [2, 7])
          assert.deepStrictEqual(places.slice(12), ["again / example 2", "again / example 7"])
          assert.deepStrictEqual(
            told,
            attempts.map((_, i) => `${i === 7 || i === 9 ? "Failed" : "Scored"} ${i}`)
          )
        }
      }
    })
  )

  it.effect("comes back no earlier than asked, and not at all where that is too late", () =>
    Effect.gen(function* () {
      const at: Array<number> = []
      const { attempts, exit } = yield* evaluation(
        3,
        (i, attempt) => {
          if (i === 0) at.push(attempt)
          if (attempt === 2) return undefined
          return i === 0 ? limited(90_000) : i === 1 ? limited(3_600_000) : undefined
        },
        { onFailure: "later" }
      )
      assert.deepStrictEqual(attempts, [2, 1, 1])
      assert.deepStrictEqual(scoresOf(exit), [1, null, 1])
    })
  )

  it.effect("waits as long as was asked", () =>
    Effect.gen(function* () {
      let second: number | undefined
      const task = Task.make({
        name: "one",
        parameters,
        forward: (_, example: number) =>
          Effect.gen(function* () {
            const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
            if (example === 1) return Variable.constant(1, "output")
            if (now < 50_000) return yield* limited(50_000)
            second = now
            return Variable.constant(1, "output")
          }),
        metric: (output) => output,
        train: []
      })
      const fiber = yield* Effect.forkChild(Evaluation.run(task, parameters, [0, 1], { onFailure: "later" }))
      yield* TestClock.adjust("49 seconds")
      assert.isUndefined(second)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).errors, 0)
      assert.strictEqual(second, 50_000)
    })
  )
})

describe("a run", () => {
  const gate = Layer.mergeAll(TextualGradientDescent.layer(), ValidationGate.layer())
  const student = StudentModel.task()
  const about = (request: Request.Request, text: string) =>
    request.purpose === "forward" && JSON.stringify(request.messages.at(-1)).includes(text)

  const failing = (text: string, error: Errors.TextModelError, times = Number.POSITIVE_INFINITY) => {
    let left = times
    return meddled((request) => (about(request, text) && left-- > 0 ? Effect.fail(error) : undefined))
  }

  it.effect(
    "ends with the error of its first failed example where that is asked for, also one that costs a step else",
    () =>
      Effect.gen(function* () {
        for (const text of ["train case 3.", "validation case 5."]) {
          const { error, events } = yield* eventsOf(
            Trainer.fit(student, { onFailure: "fail", target: 2, steps: 6 })
          ).pipe(Effect.provide(gate, { local: true }), Effect.provide(failing(text, unreadable), { local: true }))
          assert.strictEqual(error, unreadable)
          assert.deepStrictEqual(of(events, "ExampleEvaluated").at(-1)?.result._tag, "Failed")
          assert.deepStrictEqual(of(events, "StepSkipped"), [])
          const skipping = yield* eventsOf(Trainer.fit(student, { target: 2, steps: 6 })).pipe(
            Effect.provide(gate, { local: true }),
            Effect.provide(failing(text, unreadable), { local: true })
          )
          assert.isUndefined(skipping.error)
        }
      })
  )

  it.effect("still goes on after an unusable proposal: that is no example", () =>
    Effect.gen(function* () {
      const { error, events } = yield* eventsOf(Trainer.fit(student, { onFailure: "fail", steps: 2, target: 2 }))
      assert.isUndefined(error)
      assert.deepStrictEqual(
        of(events, "StepSkipped").map(({ step }) => step),
        [1]
      )
    }).pipe(
      Effect.provide(gate),
      Effect.provide(
        meddled(({ purpose }, call) =>
          purpose === "optimizer" && call <= 2 ? Effect.succeed(Completion.make("I would rather not.")) : undefined
        )
      )
    )
  )

  it.effect("that tries again later ends as one that nothing happened to", () =>
    Effect.gen(function* () {
      const clean = yield* eventsOf(Trainer.fit(student)).pipe(
        Effect.provide(gate, { local: true }),
        Effect.provide(
          meddled(() => undefined),
          { local: true }
        )
      )
      for (const text of ["train case 3.", "validation case 5."]) {
        const later = yield* eventsOf(Trainer.fit(student, { onFailure: "later" })).pipe(
          Effect.provide(gate, { local: true }),
          Effect.provide(failing(text, limited(), 1), { local: true })
        )
        assert.isUndefined(later.error)
        assert.deepStrictEqual(
          later.events.map(({ _tag }) => _tag),
          clean.events.map(({ _tag }) => _tag)
        )
        assert.deepStrictEqual(ending(later.events).parameters, ending(clean.events).parameters)
      }
    })
  )

  it.effect("does not take a candidate that the provider hardly answered for, however good the rest is", () =>
    Effect.gen(function* () {
      const { error, events } = yield* eventsOf(Trainer.fit(student, { steps: 1 }))
      assert.isUndefined(error)
      const [rejected] = of(events, "Rejected")
      assert.match(rejected?.reason ?? "", /^too few to compare: 3 of 12 validation examples were answered$/)
      assert.strictEqual(ending(events).candidate, 0)
    }).pipe(
      Effect.provide(gate),
      // 12 validation examples of the seed, 4 of the minibatch, 3 of the candidate
      Effect.provide(
        meddled(({ purpose }, call) => (purpose === "forward" && call > 19 ? Effect.fail(limited()) : undefined))
      )
    )
  )

  it.effect("ends where its seed is hardly answered for: nothing could be compared with it", () =>
    Effect.gen(function* () {
      const { error, events } = yield* eventsOf(Trainer.fit(student))
      assert.deepInclude(error, { _tag: "RateLimited" })
      assert.strictEqual(of(events, "StepStarted").length, 0)
    }).pipe(
      Effect.provide(gate),
      Effect.provide(
        meddled(({ purpose }, call) => (purpose === "forward" && call > 5 ? Effect.fail(limited()) : undefined))
      )
    )
  )

  it.effect("does not reach its target on the few that were answered", () =>
    Effect.gen(function* () {
      // five of twelve run for the seed; the others fail in a way that is its own
      const { events } = yield* eventsOf(Trainer.fit(student, { steps: 1, target: 0 }))
      assert.strictEqual(ending(events).stopped, "steps")
    }).pipe(
      Effect.provide(gate),
      Effect.provide(
        meddled(({ purpose }, call) => (purpose === "forward" && call > 5 ? Effect.fail(unreadable) : undefined))
      )
    )
  )
})
