import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import * as Journal from "../journal/Journal.ts"
import type * as JournalLog from "../journal/Log.ts"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import { BackwardModel, OptimizerModel, TextModel } from "../model/TextModel.ts"
import { ProviderUnavailable, Unauthorized } from "../model/TextModelError.ts"
import * as Models from "./Models.ts"
import { UsageMeter } from "./UsageMeter.ts"

const request = (purpose: Request.Purpose, sample = 0) => Request.make({ purpose, messages: [], sample })

const usage = (inputTokens: number) => ({ calls: 1, inputTokens, cachedInputTokens: 1, outputTokens: 2 })

/** Asks each role once, one after the other. */
const askAll = Effect.gen(function* () {
  const forward = yield* (yield* TextModel).complete(request("forward"))
  const backward = yield* (yield* BackwardModel).complete(request("backward"))
  const optimizer = yield* (yield* OptimizerModel).complete(request("optimizer"))
  return [forward.text, backward.text, optimizer.text]
})

const says = (text: string, inputTokens = 10) =>
  Layer.succeed(TextModel, {
    complete: () => Effect.succeed(Completion.make(text, { usage: usage(inputTokens) }))
  })

describe("the models of a run", () => {
  it.effect("are one model in all roles, unless told otherwise", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* askAll, ["one", "one", "one"])
    }).pipe(Effect.provide(Models.layer({ forward: says("one") })))
  )

  it.effect("propose with whoever criticises, unless told otherwise", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* askAll, ["small", "large", "large"])
    }).pipe(Effect.provide(Models.layer({ forward: says("small"), backward: says("large") })))
  )

  it.effect("are another provider for each role, also of effect/ai, under one meter", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* askAll, ["small", "large", "from effect/ai"])
      assert.deepStrictEqual(yield* (yield* UsageMeter).read, {
        calls: 3,
        inputTokens: 30,
        cachedInputTokens: 2,
        outputTokens: 4
      })
    }).pipe(
      Effect.provide(
        Models.layer({
          forward: says("small"),
          backward: says("large", 20),
          optimizer: Layer.effect(
            LanguageModel.LanguageModel,
            LanguageModel.make({
              generateText: () => Effect.succeed([{ type: "text", text: "from effect/ai" }]),
              streamText: () => {
                throw new Error("nothing is streamed")
              }
            })
          )
        })
      )
    )
  )

  it.effect("are built once and released with the layer", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const source = Layer.effect(
        TextModel,
        Effect.as(
          Effect.acquireRelease(
            Effect.sync(() => seen.push("built")),
            () => Effect.sync(() => seen.push("released"))
          ),
          { complete: () => Effect.succeed(Completion.make("x")) }
        )
      )
      yield* Effect.provide(askAll, Models.layer({ forward: source }))
      assert.deepStrictEqual(seen, ["built", "released"])
    })
  )
})

describe("the policies around the models", () => {
  it.effect("share one budget over all roles, and stop at its last call", () =>
    Effect.gen(function* () {
      const small = yield* ScriptedModel.make(["one"])
      const large = yield* ScriptedModel.make(["two"])
      const error = yield* askAll.pipe(
        Effect.provide(Models.layer({ forward: small.layer, backward: large.layer, budget: { calls: 2 } })),
        Effect.flip
      )
      assert.strictEqual(error._tag, "BudgetExceeded")
      assert.deepStrictEqual([yield* small.calls(), yield* large.calls()], [1, 1])
    })
  )

  it.effect("count a call that was asked again once in the budget, and what it used once in the meter", () =>
    Effect.gen(function* () {
      const away = new ProviderUnavailable({ message: "away" })
      const script = [away, away, Completion.make("late", { usage: usage(10) }), away, "second"]
      const provider = yield* ScriptedModel.make(script)
      yield* Effect.gen(function* () {
        const model = yield* TextModel
        const fiber = yield* Effect.forkChild(
          Effect.forEach([0, 1, 2], (sample) => Effect.result(model.complete(request("forward", sample))))
        )
        yield* TestClock.adjust("1 hour")
        const [first, second, third] = yield* Fiber.join(fiber)
        assert.strictEqual(first?._tag === "Success" && first.success.text, "late")
        assert.strictEqual(second?._tag === "Success" && second.success.text, "second")
        assert.strictEqual(third?._tag === "Failure" && third.failure._tag, "BudgetExceeded")
        assert.deepStrictEqual(yield* (yield* UsageMeter).read, {
          calls: 2,
          inputTokens: 10,
          cachedInputTokens: 1,
          outputTokens: 2
        })
      }).pipe(Effect.provide(Models.layer({ forward: provider.layer, budget: { calls: 2 } })))
      assert.strictEqual(yield* provider.calls(), 5)
    })
  )

  it.effect("ask once about what no second try can mend", () =>
    Effect.gen(function* () {
      const provider = yield* ScriptedModel.make([new Unauthorized({ message: "the key is wrong" })])
      const error = yield* askAll.pipe(Effect.provide(Models.layer({ forward: provider.layer })), Effect.flip)
      assert.strictEqual(error._tag, "Unauthorized")
    })
  )

  const slow = (seen: { running: number; most: number }, delay: number) =>
    Layer.succeed(TextModel, {
      complete: () =>
        Effect.suspend(() => {
          seen.most = Math.max(seen.most, ++seen.running)
          return Effect.ensuring(
            Effect.delay(Effect.succeed(Completion.make("slow")), delay),
            Effect.sync(() => seen.running--)
          )
        })
    })

  it.effect("limit the calls at a provider over all roles that it plays", () =>
    Effect.gen(function* () {
      const seen = { running: 0, most: 0 }
      const other = { running: 0, most: 0 }
      yield* Effect.gen(function* () {
        const [forward, backward, optimizer] = [yield* TextModel, yield* BackwardModel, yield* OptimizerModel]
        const fiber = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: 30 }, (_, i) => [forward, backward, optimizer][i % 3]!),
            (model) => model.complete(request("forward")),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
      }).pipe(Effect.provide(Models.layer({ forward: slow(seen, 100), optimizer: slow(other, 100), concurrency: 4 })))
      assert.deepStrictEqual([seen.most, other.most], [4, 4])
    })
  )

  it.effect("do not count the wait for a free place against the deadline of an attempt", () =>
    Effect.gen(function* () {
      const seen = { running: 0, most: 0 }
      yield* Effect.gen(function* () {
        const model = yield* TextModel
        const fiber = yield* Effect.forkChild(
          Effect.forEach(Array.from({ length: 20 }), () => model.complete(request("forward")), {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber)).length, 20)
      }).pipe(
        Effect.provide(
          Models.layer({
            forward: slow(seen, 900),
            concurrency: 1,
            retry: { attemptTimeout: "1 second", times: 0 }
          })
        )
      )
      assert.strictEqual(seen.most, 1)
    })
  )

  it.effect("give back the place of an attempt that is over: its pause keeps no one waiting", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const provider = Layer.succeed(TextModel, {
        complete: ({ sample }: Request.Request) =>
          Effect.suspend(() => {
            begun.push(sample)
            return sample === 0 && begun.length === 1
              ? Effect.fail(new ProviderUnavailable({ message: "away", retryAfterMs: 10_000 }))
              : Effect.succeed(Completion.make("ok"))
          })
      })
      yield* Effect.gen(function* () {
        const model = yield* TextModel
        const fiber = yield* Effect.forkChild(
          Effect.forEach([0, 1, 2], (sample) => model.complete(request("forward", sample)), {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
      }).pipe(Effect.provide(Models.layer({ forward: provider, concurrency: 1 })))
      assert.deepStrictEqual(begun, [0, 1, 2, 0])
    })
  )

  it.effect("let sixteen calls be at a provider at once unless told otherwise", () =>
    Effect.gen(function* () {
      const seen = { running: 0, most: 0 }
      yield* Effect.gen(function* () {
        const model = yield* TextModel
        const fiber = yield* Effect.forkChild(
          Effect.forEach(Array.from({ length: 40 }), () => model.complete(request("forward")), {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
      }).pipe(Effect.provide(Models.layer({ forward: slow(seen, 10) })))
      assert.strictEqual(seen.most, 16)
    })
  )
})

describe("the meter of a run that ends at its budget", () => {
  it.effect("counts every reply that was paid for, also one that is being kept when the run ends", () =>
    Effect.gen(function* () {
      const provider = Layer.succeed(TextModel, {
        complete: ({ sample }: Request.Request) =>
          Effect.delay(Effect.succeed(Completion.make(`${sample}`, { usage: usage(10) })), 10)
      })
      const slowLog: JournalLog.Log = { records: [], append: (_, durable) => (durable ? Effect.sleep(5) : Effect.void) }
      const journal = Layer.effect(Journal.Journal, Journal.make(slowLog))
      const calls = yield* Effect.gen(function* () {
        const model = yield* TextModel
        const run = Effect.forEach([0, 1, 2, 3], (sample) => model.complete(request("forward", sample)), {
          concurrency: "unbounded"
        })
        const fiber = yield* Effect.forkChild(Effect.flip(run))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "BudgetExceeded")
        return (yield* (yield* UsageMeter).read).calls
      }).pipe(Effect.provide(Models.layer({ forward: provider, budget: { calls: 3 } })), Effect.provide(journal))
      assert.strictEqual(calls, 3)
    })
  )
})
