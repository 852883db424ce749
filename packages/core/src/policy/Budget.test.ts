import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../journal/Journal.ts"
import type { Record } from "../journal/Record.ts"
import * as Completion from "../model/Completion.ts"
import { within } from "../model/Place.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import { TextModel } from "../model/TextModel.ts"
import { EmptyReply, ProviderUnavailable, RateLimited, type TextModelError } from "../model/TextModelError.ts"
import * as Budget from "./Budget.ts"
import * as Models from "./Models.ts"
import * as Price from "./Price.ts"
import { UsageMeter } from "./UsageMeter.ts"

const identity = { provider: "openai", model: "m" }
const prices = Price.layer({ "openai:m": { input: 1, cachedInput: 0.1, output: 10 } })
const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))
/** 116 input tokens at most: 84 bytes, and 16 twice. */
const request = (sample = 0, maxOutputTokens?: number) =>
  Request.make({
    purpose: "forward",
    messages: [{ role: "user", content: "x".repeat(84) }],
    sample,
    ...(maxOutputTokens === undefined ? {} : { sampling: { maxOutputTokens } })
  })

const reply = (inputTokens: number, outputTokens: number, fields: Partial<Completion.Usage> = {}) =>
  Completion.make("ok", { usage: { calls: 1, inputTokens, outputTokens, cachedInputTokens: 0, ...fields } })

/** A model in a budget, as `Models.layer` puts it there. */
const inside = Effect.fnUntraced(function* (budget: Budget.Budget, complete: Service["complete"]) {
  return budget.calls(yield* budget.attempts({ identity, complete }))
})

const ends = <A>(effect: Effect.Effect<A, TextModelError>) => Effect.map(Effect.flip(effect), ({ _tag }) => _tag)

describe("a budget of calls", () => {
  it.effect.prop(
    "is never exceeded, and used up to the last, whatever runs at once, takes its time or fails, over all its models",
    [
      small(12),
      Schema.Array(Schema.Struct({ delay: small(50), fails: Schema.Boolean, model: Schema.Literals([0, 1]) }))
    ],
    ([calls, asked]) =>
      Effect.gen(function* () {
        let [begun, ended] = [0, 0]
        const model: Service = {
          complete: ({ sample }) =>
            Effect.gen(function* () {
              begun++
              assert.isAtMost(begun, calls)
              const { delay, fails } = asked[sample]!
              yield* Effect.sleep(delay)
              ended++
              return fails ? yield* new ProviderUnavailable({ message: "away" }) : Completion.make("done")
            })
        }
        const budget = yield* Budget.make({ calls })
        const limited = [budget.calls(model), budget.calls({ ...model })]
        const fiber = yield* Effect.forkChild(
          Effect.forEach(
            asked,
            ({ model }, sample) =>
              Effect.tapError(Effect.result(limited[model]!.complete(request(sample))), () => Effect.void).pipe(
                Effect.map((result) => ({ result, ended }))
              ),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("1 second")
        const refused = (yield* Fiber.join(fiber)).flatMap(({ result, ended }) =>
          result._tag === "Failure" && result.failure._tag === "BudgetExceeded" ? [{ ...result.failure, ended }] : []
        )
        assert.strictEqual(begun, Math.min(calls, asked.length))
        assert.strictEqual(refused.length, Math.max(0, asked.length - calls))
        for (const refusal of refused) {
          // those that were let in are not cut off by a refusal that ends the run: it comes when they are done
          assert.deepStrictEqual(
            [refusal.of, refusal.limit, refusal.spent, refusal.ended],
            ["calls", calls, calls, calls]
          )
        }
      })
  )

  it.effect("of 0 refuses the first call, and so does one that is no number", () =>
    Effect.gen(function* () {
      for (const limits of [{ calls: 0 }, { calls: Number.NaN }, { tokens: Number.NaN }, { usd: Number.NaN }]) {
        const model = yield* inside(yield* Budget.make(limits), () => Effect.die("asked"))
        assert.strictEqual(yield* ends(model.complete(request())), "BudgetExceeded")
      }
    }).pipe(Effect.provide(prices))
  )

  it.effect("made twice is two budgets", () =>
    Effect.gen(function* () {
      const complete = () => Effect.succeed(Completion.make("done"))
      const one = yield* inside(yield* Budget.make({ calls: 1 }), complete)
      const two = yield* inside(yield* Budget.make({ calls: 1 }), complete)
      yield* one.complete(request())
      yield* two.complete(request())
      assert.strictEqual(yield* ends(one.complete(request())), "BudgetExceeded")
    })
  )
})

describe("a budget of tokens and of money", () => {
  it.effect("sets aside what a call may use at most, and takes what it used", () =>
    Effect.gen(function* () {
      // 116 in and 34 out at most: 456 millionths of a dollar
      const budget = yield* Budget.make({ usd: 0.000456 * 2 - 0.000001 })
      let asked = 0
      const model = yield* inside(budget, () =>
        Effect.as(
          Effect.sync(() => asked++),
          reply(100, 1, { cachedInputTokens: 50 })
        )
      )
      yield* model.complete(request(0, 34))
      assert.deepStrictEqual(yield* budget.spend, { requests: 1, lost: 0, usd: 0.000065, unpriced: 0 })
      yield* Effect.forEach([1, 2, 3, 4, 5, 6, 7], (sample) => model.complete(request(sample, 34)))
      // 455 of 911 are left
      const error = yield* Effect.flip(model.complete(request(9, 34)))
      if (error._tag !== "BudgetExceeded") return assert.fail(error._tag)
      assert.deepStrictEqual([error.of, error.limit, error.spent, asked], ["usd", 0.000911, 0.00052, 8])
      assert.include(error.message, "$0.000911")
      assert.include(error.message, "$0.000456")
    }).pipe(Effect.provide(prices))
  )

  it.effect(
    "waits for what calls in flight may give back, first come first served, and refuses when none is left",
    () =>
      Effect.gen(function* () {
        const budget = yield* Budget.make({ tokens: 300 })
        const begun: Array<number> = []
        const model = yield* inside(budget, ({ sample }) =>
          Effect.suspend(() => {
            begun.push(sample)
            return Effect.delay(Effect.succeed(reply(40, 4)), 1000 + sample)
          })
        )
        const fiber = yield* Effect.forkChild(
          Effect.forEach([0, 1, 2, 3, 4, 5], (sample) => Effect.result(model.complete(request(sample, 34))), {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust(999)
        // 150 each at most: two fit
        assert.deepStrictEqual(begun, [0, 1])
        yield* TestClock.adjust("1 minute")
        const results = yield* Fiber.join(fiber)
        assert.deepStrictEqual(begun, [0, 1, 2, 3])
        assert.deepStrictEqual(
          results.map(({ _tag }) => _tag),
          ["Success", "Success", "Success", "Success", "Failure", "Failure"]
        )
      })
  )

  it.effect("gives back what a failed call had, and counts it as asked", () =>
    Effect.gen(function* () {
      const budget = yield* Budget.make({ tokens: 150, calls: 3 })
      const failures = [new ProviderUnavailable({ message: "away" }), new RateLimited({ message: "slow down" })]
      const model = yield* inside(budget, () =>
        Effect.suspend(() => {
          const failure = failures.shift()
          return failure === undefined ? Effect.succeed(reply(1, 1)) : Effect.fail(failure)
        })
      )
      const ask = Effect.result(model.complete(request(0, 34)))
      assert.deepStrictEqual(
        (yield* Effect.all([ask, ask, ask, ask])).map((result) =>
          result._tag === "Success" ? result.success.text : result.failure._tag
        ),
        ["ProviderUnavailable", "RateLimited", "ok", "BudgetExceeded"]
      )
      // the provider's refusal is no loss; nobody knows what a broken connection cost
      assert.deepStrictEqual(yield* budget.spend, { requests: 3, lost: 1, usd: 0, unpriced: 1 })
    })
  )

  it.effect("counts a cancelled call with all that was set aside for it, and never as nothing", () =>
    Effect.gen(function* () {
      const budget = yield* Budget.make({ tokens: 299 })
      const model = yield* inside(budget, () => Effect.never)
      const fiber = yield* Effect.forkChild(model.complete(request(0, 34)))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* budget.spend, { requests: 1, lost: 1, usd: 0, unpriced: 0 })
      assert.strictEqual(yield* ends(model.complete(request(1, 34))), "BudgetExceeded")
    })
  )

  it.effect("keeps its place in the queue for nobody who left", () =>
    Effect.gen(function* () {
      const budget = yield* Budget.make({ tokens: 150 })
      const model = yield* inside(budget, () => Effect.delay(Effect.succeed(reply(0, 1)), 1000))
      const [first, second, third] = yield* Effect.forEach([0, 1, 2], (sample) =>
        Effect.forkChild(model.complete(request(sample, 34)))
      )
      yield* TestClock.adjust(500)
      yield* Fiber.interrupt(second!)
      yield* Fiber.interrupt(first!)
      yield* TestClock.adjust("1 minute")
      const error = yield* Effect.flip(Fiber.join(third!))
      assert.strictEqual(error._tag, "BudgetExceeded")
      assert.strictEqual((yield* budget.spend).requests, 1)
    })
  )

  it.effect("sets aside the largest reply so far where a call declares no maximum", () =>
    Effect.gen(function* () {
      const budget = yield* Budget.make({ outputTokens: 100 })
      const model = yield* inside(budget, ({ sample }) => Effect.succeed(reply(1, sample)))
      yield* model.complete(request(60))
      assert.strictEqual(yield* ends(model.complete(request(1))), "BudgetExceeded")
      yield* model.complete(request(40, 40))
      assert.strictEqual(yield* ends(model.complete(request(0, 1))), "BudgetExceeded")
    })
  )

  it.effect("counts a reply whose provider says nothing of tokens with the most it can have been", () =>
    Effect.gen(function* () {
      const budget = yield* Budget.make({ usd: 1 })
      const model = yield* inside(budget, () => Effect.succeed(Completion.make("four")))
      yield* model.complete(request())
      assert.deepStrictEqual(yield* budget.spend, { requests: 1, lost: 0, usd: 0, unpriced: 1 })
      const tight = yield* Budget.make({ inputTokens: 231 })
      const asked = yield* inside(tight, () => Effect.succeed(Completion.make("four")))
      yield* asked.complete(request())
      assert.strictEqual(yield* ends(asked.complete(request())), "BudgetExceeded")
    }).pipe(Effect.provide(prices))
  )

  it.effect("believes the provider's own word on the cost, also of a reply that could not be used", () =>
    Effect.gen(function* () {
      const usage = { calls: 1, inputTokens: 100, outputTokens: 10, cachedInputTokens: 0 }
      const budget = yield* Budget.make({ usd: 1 })
      const model = yield* inside(budget, ({ sample }) =>
        sample === 0
          ? Effect.succeed(reply(100, 10, { usd: 0.5 }))
          : Effect.fail(new EmptyReply({ message: "nothing", usage }))
      )
      yield* model.complete(request(0))
      yield* Effect.flip(model.complete(request(1)))
      assert.deepStrictEqual(yield* budget.spend, { requests: 2, lost: 0, usd: 0.5002, unpriced: 0 })
    }).pipe(Effect.provide(prices))
  )
})

describe("a limit in dollars", () => {
  const source = (identity?: Service["identity"]) =>
    Layer.succeed(TextModel, { identity, complete: () => Effect.succeed(reply(1, 1)) })
  const built = (model: Layer.Layer<TextModel>) =>
    Effect.provide(Effect.service(UsageMeter), Models.layer({ forward: model, budget: { usd: 1 } }), { local: true })

  it.effect("is refused before anything is asked where a price is not known, and says how to give one", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(built(source({ ...identity, endpoint: "http://127.0.0.1:1/v1" })))
      assert.strictEqual(error._tag, "PriceUnknown")
      for (const part of ["openai:m", "http://127.0.0.1:1/v1", "Price.layer", "--price IN,OUT"]) {
        assert.include(error.message, part)
      }
      assert.strictEqual((yield* Effect.flip(built(source())))._tag, "PriceUnknown")
    })
  )

  it.effect("is none for a model that costs nothing: one embedded in the process", () =>
    Effect.gen(function* () {
      const model = yield* inside(yield* Budget.make({ usd: 0 }), () => Effect.die("never"))
      yield* built(source({ provider: "local", model: "m" }))
      assert.strictEqual(yield* ends(model.complete(request())), "BudgetExceeded")
    }).pipe(Effect.provide(prices))
  )
})

describe("a limit of time", () => {
  it.effect("refuses calls after it, and ends those in flight at it", () =>
    Effect.gen(function* () {
      const budget = yield* Budget.make({ time: "10 seconds" })
      const model = yield* inside(budget, ({ sample }) => Effect.delay(Effect.succeed(reply(1, 1)), sample))
      // it begins with the first call
      yield* TestClock.adjust("1 hour")
      const first = yield* Effect.forkChild(model.complete(request(9000)))
      const second = yield* Effect.forkChild(Effect.flip(model.complete(request(11_000))))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(first)).text, "ok")
      const error = yield* Fiber.join(second)
      if (error._tag !== "BudgetExceeded") return assert.fail(error._tag)
      assert.deepStrictEqual([error.of, error.limit, error.spent], ["time", 10_000, 10_000])
      assert.include(error.message, "10 s")
      assert.strictEqual(yield* ends(model.complete(request(0))), "BudgetExceeded")
      assert.deepStrictEqual(yield* budget.spend, { requests: 2, lost: 1, usd: 0, unpriced: 1 })
    })
  )
})

describe("a run that is resumed", () => {
  /** One session of a run: what it makes of its budget. */
  const session = <A, E>(
    records: Array<Record>,
    limits: Partial<Budget.Limits>,
    complete: Service["complete"],
    program: Effect.Effect<A, E, TextModel>
  ) =>
    Effect.all([Effect.exit(program), Effect.flatMap(UsageMeter, ({ spend }) => spend)]).pipe(
      Effect.provide(
        Models.layer({
          forward: Layer.succeed(TextModel, { identity, complete }),
          budget: limits,
          retry: { times: 1, base: 1 }
        }),
        { local: true }
      ),
      Effect.provide(Journal.layerMemory(records), { local: true }),
      Effect.provide(prices)
    )

  const ask = (sample: number) =>
    Effect.flatMap(TextModel, (model) => model.complete(request(sample, 34))).pipe(within(`${sample}`))

  it.effect("has spent what it had spent: calls, tokens, money, what was lost, and time", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      let tries = 0
      const complete: Service["complete"] = ({ sample }) =>
        Effect.suspend(() => {
          tries++
          if (sample === 0) return Effect.succeed(reply(50, 5))
          if (sample === 1 && tries === 2) return Effect.fail(new ProviderUnavailable({ message: "away" }))
          return sample === 2 ? Effect.never : Effect.delay(Effect.succeed(reply(60, 6)), "5 seconds")
        })
      const program = Effect.forEach([0, 1, 2], ask)
      const first = yield* Effect.forkChild(session(records, { calls: 9 }, complete, program))
      yield* TestClock.adjust("6 seconds")
      yield* Fiber.interrupt(first)
      const paid = { requests: 4, lost: 2, usd: (50 + 60 + 110) / 1e6, unpriced: 0 }

      const [, spend] = yield* session(records, {}, () => Effect.die("asked again"), Effect.forEach([0, 1], ask))
      assert.deepStrictEqual(spend, paid)

      // 50 + 5 + 60 + 6 used, 150 set aside for what never came back: 29 are left of 300
      for (const [limits, of] of [
        [{ calls: 3 }, "calls"],
        [{ tokens: 300 }, "tokens"],
        [{ usd: 0.0011 }, "usd"],
        [{ time: "5 seconds" }, "time"]
      ] as const) {
        const [exit, spend] = yield* session([...records], limits, () => Effect.die("over the budget"), program)
        assert.deepStrictEqual(spend, paid)
        assert.include(JSON.stringify(exit), `"of":"${of}"`)
      }
      const [exit] = yield* session(records, { calls: 4, tokens: 421 }, () => Effect.succeed(reply(1, 1)), program)
      assert.strictEqual(exit._tag, "Success")
    })
  )
})
