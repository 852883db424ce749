/** B1: a budget in dollars, whatever goes wrong. */
import { Models, Price, Request, Spend, TextModel, UsageMeter } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { Row } from "../../Row.ts"
import { type Bill, noBill, price, provider } from "./provider.ts"

const seeds = 200
const calls = 120
const concurrency = 32

interface Run {
  readonly bill: Bill
  readonly spend: Spend.Spend
  readonly limit: number
  readonly refused: number
}

/** Calls of all sizes under one budget, some of them cancelled. */
const run = Effect.fnUntraced(function* (declared: boolean): Effect.fn.Return<Run> {
  const bill = noBill()
  const limit = (yield* Random.nextIntBetween(1, 60)) / 1000
  let refused = 0
  const ask = Effect.gen(function* () {
    const model = yield* TextModel
    const content = "a word or two, äöü ".repeat(yield* Random.nextIntBetween(0, 40))
    const request = Request.make({
      purpose: "forward",
      messages: [{ role: "user", content }],
      ...(declared ? { sampling: { maxOutputTokens: yield* Random.nextIntBetween(1, 400) } } : {})
    })
    const asked = Effect.catch(model.complete(request), (error) =>
      Effect.sync(() => {
        if (error._tag === "BudgetExceeded") refused += 1
      })
    )
    const patience = (yield* Random.nextIntBetween(0, 9)) === 0 ? yield* Random.nextIntBetween(0, 4000) : undefined
    return yield* patience === undefined ? asked : Effect.timeoutOption(asked, patience)
  })
  const program = Effect.gen(function* () {
    yield* Effect.forEach(Array.from({ length: calls }), () => ask, { concurrency, discard: true })
    return yield* (yield* UsageMeter).spend
  }).pipe(
    Effect.provide(
      Models.layer({
        forward: provider(bill, declared),
        budget: { usd: limit },
        concurrency,
        retry: { attemptTimeout: "10 seconds" }
      })
    ),
    Effect.provide(Price.layer({ billed: price }))
  )
  const fiber = yield* Effect.forkChild(program)
  yield* TestClock.adjust("2 hours")
  const spend = yield* Effect.orDie(Fiber.join(fiber))
  return { bill, spend, limit, refused }
}, Effect.provide(TestClock.layer()))

/** What the run did that its budget does not allow. */
const faults = (declared: boolean, { bill, spend, limit }: Run): ReadonlyArray<string> => {
  const cap = Math.round(limit * 1e9)
  const last = bill.begun.at(-1)
  const over = bill.billed - cap
  const usd = Math.round(spend.usd * 1e9)
  return [
    ...(declared && over > 0 ? [`billed ${bill.billed} of ${cap}`] : []),
    // nothing begins once the budget is spent: what is over is of those in flight then, and of no more than were allowed
    ...(bill.begun.some(({ billed }) => billed > cap) ? ["a request went out beyond the budget"] : []),
    ...(bill.begun.some(({ inFlight }) => inFlight >= concurrency) ? ["more at once than allowed"] : []),
    ...(last !== undefined && over > (last.inFlight + 1) * bill.largest ? [`${over} over`] : []),
    ...(usd === bill.told ? [] : [`an account of ${usd}, and a bill of ${bill.told}`]),
    ...(spend.requests === bill.begun.length ? [] : [`${spend.requests} of ${bill.begun.length} requests`]),
    ...(spend.lost === bill.lost ? [] : [`${spend.lost} of ${bill.lost} lost`]),
    ...(spend.unpriced === bill.silent ? [] : [`${spend.unpriced} of ${bill.silent} without a price`]),
    ...(bill.inFlight === 0 ? [] : ["requests are left in flight"])
  ]
}

export const holds: Row = {
  id: "B1",
  title: "a budget in dollars holds at concurrency 32 through faults, timeouts and cancels; the account is exact",
  wanted: `${2 * seeds}/${2 * seeds}`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const details: Array<string> = []
    const [used, over]: [Array<number>, Array<number>] = [[], []]
    for (const declared of [true, false]) {
      for (let seed = 0; seed < seeds; seed++) {
        const outcome = yield* Random.withSeed(run(declared), `B1/${declared}/${seed}`)
        const wrong = faults(declared, outcome)
        const { bill, limit, refused } = outcome
        if (refused > 0 && declared) used.push(bill.billed / (limit * 1e9))
        if (!declared) over.push((bill.billed - limit * 1e9) / bill.largest)
        details.push(...wrong.map((what) => `${declared ? "declared" : "not declared"}, seed ${seed}: ${what}`))
      }
    }
    const bad = new Set(details.map((detail) => detail.slice(0, detail.indexOf(":")))).size
    const mean = Math.round((100 * used.reduce((a, b) => a + b, 0)) / used.length)
    return {
      figure: `${2 * seeds - bad}/${2 * seeds}; ${mean} % of a budget used before it refuses; without a declared maximum over by ${Math.max(...over).toFixed(1)} calls at most`,
      // a budget that is never reached would prove nothing
      held: bad === 0 && used.length >= seeds / 2,
      details
    }
  })
}
