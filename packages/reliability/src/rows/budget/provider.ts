/**
 * A provider that bills as real ones do, at known prices: for what was answered, for what was answered and lost, and not
 * for what it refused. Its bill is kept apart from the account under test.
 */
import { Completion, Request, TextModel, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"

/** Dollars per million tokens. */
export const price = { input: 0.25, cachedInput: 0.025, output: 2 }

/** What a call of so many tokens is billed, in thousandths of a millionth of a dollar: a whole number. */
const nanoUsd = (input: number, cached: number, output: number): number =>
  (input - cached) * 250 + cached * 25 + output * 2000

export interface Bill {
  /** In the order of the facts: what requests in flight there were when one came, and what was billed by then. */
  readonly begun: Array<{ readonly billed: number; readonly inFlight: number }>
  billed: number
  inFlight: number
  /** Of replies of which the provider told the tokens or the cost. */
  told: number
  /** Requests of which the caller cannot know what was billed, and replies without a word on tokens. */
  lost: number
  silent: number
  /** The most that any request was billed. */
  largest: number
}

export const noBill = (): Bill => ({ begun: [], billed: 0, inFlight: 0, told: 0, lost: 0, silent: 0, largest: 0 })

const texts = (request: Request.Request): number =>
  request.messages.reduce((sum, { content }) => sum + new TextEncoder().encode(String(content)).length, 0)

/**
 * Answers, refuses, breaks off or hangs by chance. `declared`: whether requests declare the most that a reply may have; a
 * request that is lost is then billed with up to all of it, else with its input alone.
 */
export const provider = (bill: Bill, declared: boolean): Layer.Layer<TextModel> =>
  Layer.succeed(TextModel, {
    identity: { provider: "openai", model: "billed", endpoint: "http://127.0.0.1:9/v1" },
    complete: (request) =>
      Effect.gen(function* () {
        const most = request.sampling?.maxOutputTokens ?? 400
        const input = yield* Random.nextIntBetween(1, texts(request) + 8)
        const cached = yield* Random.nextIntBetween(0, input)
        const output = yield* Random.nextIntBetween(1, most)
        const kind = yield* Random.nextIntBetween(0, 99)
        const takes = yield* Random.nextIntBetween(0, 3000)
        bill.begun.push({ billed: bill.billed, inFlight: bill.inFlight })
        bill.inFlight += 1
        const pay = (amount: number, as: "told" | "lost" | "silent" | "refused") =>
          Effect.sync(() => {
            bill.inFlight -= 1
            bill.billed += amount
            bill.largest = Math.max(bill.largest, amount)
            if (as === "told") bill.told += amount
            else if (as !== "refused") bill[as] += 1
          })
        const lost = declared ? nanoUsd(input, 0, output) : nanoUsd(input, 0, 0)
        const usage = { calls: 1, inputTokens: input, cachedInputTokens: cached, outputTokens: output }
        const cost = nanoUsd(input, cached, output)

        const answer = Effect.gen(function* (): Effect.fn.Return<Completion.Completion, TextModelError.TextModelError> {
          yield* Effect.sleep(kind < 5 ? "1 hour" : takes)
          if (kind < 12) {
            yield* pay(0, "refused")
            return yield* new TextModelError.RateLimited({ message: "slow down" })
          }
          if (kind < 20) {
            yield* pay(0, "lost")
            return yield* new TextModelError.ProviderUnavailable({ message: "away" })
          }
          if (kind < 25) {
            yield* pay(cost, "told")
            return yield* new TextModelError.EmptyReply({ message: "nothing", usage })
          }
          if (kind < 30) {
            yield* pay(lost, "lost")
            return yield* new TextModelError.ReplyTooLarge({ message: "much" })
          }
          if (declared && kind < 35) {
            yield* pay(nanoUsd(input, 0, Math.min(output, 4)), "silent")
            return Completion.make("word")
          }
          if (kind < 40) {
            yield* pay(cost, "told")
            return Completion.make("priced", { usage: { ...usage, usd: cost / 1e9 } })
          }
          yield* pay(cost, "told")
          return Completion.make("fine", { usage })
        })
        // the caller is gone: out of time, or cancelled
        return yield* Effect.onInterrupt(answer, () => pay(lost, "lost"))
      })
  })
