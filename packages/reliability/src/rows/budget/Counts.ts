/** B2: each call is counted once, whatever becomes of it. */
import {
  BackwardModel,
  Cache,
  Completion,
  Journal,
  type JournalRecord,
  Loss,
  Models,
  Place,
  Price,
  Request,
  Spend,
  TextModel,
  TextModelError,
  UsageMeter,
  Variable
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import type { Row } from "../../Row.ts"
import { price } from "./provider.ts"

type Reply = Effect.Effect<Completion.Completion, TextModelError.TextModelError>

const usage = { calls: 1, inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 }
/** 60 x 0.25 + 40 x 0.025 + 10 x 2 millionths. */
const cost = 0.000036
const ok: Reply = Effect.succeed(Completion.make("ok", { usage }))
const away: Reply = Effect.fail(new TextModelError.ProviderUnavailable({ message: "away" }))
const busy: Reply = Effect.fail(new TextModelError.RateLimited({ message: "slow down" }))
const unreadable: Reply = Effect.fail(new TextModelError.EmptyReply({ message: "nothing", usage }))
const judgement: Reply = Effect.succeed(Completion.make('{"feedback":"Good.","score":1}', { usage }))

const ask = (text = "?") =>
  Effect.flatMap(TextModel, (model) =>
    model.complete(Request.make({ purpose: "forward", messages: [{ role: "user", content: text }] }))
  )

interface Case {
  readonly name: string
  readonly replies: ReadonlyArray<Reply>
  readonly program: Effect.Effect<unknown, unknown, TextModel | BackwardModel>
  readonly spend: Partial<Spend.Spend>
  /** What the budget of calls must have counted. */
  readonly calls: number
  /** Completions in the meter, which events and reports read. */
  readonly completions: number
  readonly around?: Layer.Layer<never, unknown>
  /** An earlier session. */
  readonly before?: Effect.Effect<unknown, unknown, TextModel>
}

/** Two calls, one paid twice, of which the second was out when the process died; then the same program over the same journal. */
const resumed = (): Case => {
  const records: Array<JournalRecord.Record> = []
  return {
    name: "a run that was killed and resumed",
    replies: [unreadable, ok, Effect.never, ok],
    around: Layer.suspend(() => Journal.layerMemory(records)),
    before: Effect.timeoutOption(Effect.all([Place.within("1")(ask()), Place.within("2")(ask())]), "5 seconds"),
    program: Place.within("1")(ask()),
    spend: { requests: 3, lost: 1, usd: 2 * cost },
    calls: 2,
    completions: 1
  }
}

const cases: ReadonlyArray<Case> = [
  { name: "a call", replies: [ok], program: ask(), spend: { requests: 1, usd: cost }, calls: 1, completions: 1 },
  {
    name: "a call that was asked again twice",
    replies: [away, busy, ok],
    program: ask(),
    spend: { requests: 3, lost: 1, usd: cost },
    calls: 1,
    completions: 1
  },
  {
    name: "a call that failed for good",
    replies: [away, away, away],
    program: Effect.result(ask()),
    spend: { requests: 3, lost: 3 },
    calls: 1,
    completions: 0
  },
  {
    name: "a call that was refused",
    replies: [Effect.fail(new TextModelError.Unauthorized({ message: "no" }))],
    program: Effect.result(ask()),
    spend: { requests: 1 },
    calls: 1,
    completions: 0
  },
  {
    name: "a reply that was paid for and could not be read, then one that could",
    replies: [unreadable, ok],
    program: ask(),
    spend: { requests: 2, usd: 2 * cost },
    calls: 1,
    completions: 1
  },
  {
    name: "a call that ran out of time, then one that did not",
    replies: [Effect.never, ok],
    program: ask(),
    spend: { requests: 2, lost: 1, usd: cost },
    calls: 1,
    completions: 1
  },
  {
    name: "a call that was cancelled",
    replies: [Effect.never],
    program: Effect.timeoutOption(ask(), "1 second"),
    spend: { requests: 1, lost: 1 },
    calls: 1,
    completions: 0
  },
  {
    name: "three equal questions before a cache, one after the other and at once",
    replies: [ok],
    program: Effect.all([ask(), Effect.all([ask(), ask()], { concurrency: 2 })]),
    around: Cache.layerMemory(),
    spend: { requests: 1, usd: cost },
    calls: 1,
    completions: 1
  },
  {
    name: "a judge",
    replies: [judgement],
    program: Loss.verdict("Is it polite?")(Variable.constant("Thank you.", "answer")),
    spend: { requests: 1, usd: cost },
    calls: 1,
    completions: 1
  },
  {
    name: "a reply with the provider's own word on its cost",
    replies: [Effect.succeed(Completion.make("ok", { usage: { ...usage, usd: 0.5 } }))],
    program: ask(),
    spend: { requests: 1, usd: 0.5 },
    calls: 1,
    completions: 1
  },
  {
    name: "a reply whose provider says nothing of tokens",
    replies: [Effect.succeed(Completion.make("ok"))],
    program: ask(),
    spend: { requests: 1, unpriced: 1 },
    calls: 1,
    completions: 1
  },
  resumed()
]

/** One case: what it came to, where that is not what it should. */
const check = Effect.fnUntraced(function* (one: Case) {
  let asked = 0
  const forward = Layer.succeed(TextModel, {
    identity: { provider: "openai", model: "billed" },
    complete: () => Effect.suspend(() => one.replies[asked++] ?? Effect.die(new Error("asked too often")))
  })
  // one call more than it may need: what is left over is exactly that one
  const budget = { calls: one.calls + 1 }
  const models = Models.layer({ forward, budget, retry: { attemptTimeout: "10 seconds" } }).pipe(
    Layer.provide([Price.layer({ billed: price }), one.around ?? Layer.empty])
  )
  const program = Effect.gen(function* () {
    if (one.before !== undefined) yield* Effect.provide(one.before, models, { local: true })
    return yield* Effect.provide(session(one), models, { local: true })
  })
  const fiber = yield* Effect.forkChild(Effect.orDie(program))
  yield* TestClock.adjust("1 hour")
  const { spend, calls, left } = yield* Fiber.join(fiber)
  const should = { ...Spend.none, ...one.spend }
  const differs = Object.keys(should).filter((name) => {
    const key = name as keyof Spend.Spend
    return Math.round(spend[key] * 1e9) !== Math.round(should[key] * 1e9)
  })
  return [
    ...differs.map((key) => `${one.name}: ${key} is ${spend[key as keyof Spend.Spend]}`),
    ...(calls === one.completions ? [] : [`${one.name}: ${calls} completions`]),
    ...(left === 1 ? [] : [`${one.name}: ${left} calls left of the budget, not 1`])
  ]
}, Effect.provide(TestClock.layer()))

/** The account after a case, and how many of two more calls the budget lets out. */
const session = Effect.fnUntraced(function* (one: Case) {
  yield* one.program
  const meter = yield* UsageMeter
  const [spend, { calls }] = yield* Effect.all([meter.spend, meter.read])
  const left = yield* Effect.forEach(["last", "one too many"], leftOver)
  return { spend, calls, left: left.filter((made) => made).length }
})

/** Whether the budget lets one more call out. What then becomes of it does not matter. */
const leftOver = (text: string) =>
  Effect.map(Effect.exit(ask(text)), (exit) => !JSON.stringify(exit).includes("BudgetExceeded"))

export const counts: Row = {
  id: "B2",
  title:
    "each call is counted once: asked again, failed, paid and unreadable, late, cancelled, judged, from a cache, resumed",
  wanted: `${cases.length}/${cases.length}`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const wrong = yield* Effect.forEach(cases, check)
    const right = wrong.filter((details) => details.length === 0).length
    return { figure: `${right}/${cases.length}`, held: right === cases.length, details: wrong.flat() }
  })
}
