/**
 * What one request costs: at most, before it goes out; and what its reply says, when it is back.
 */
import type { Completion } from "../model/Completion.ts"
import type { Request } from "../model/Request.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import * as Bound from "./Bound.ts"
import type { Amount } from "./Ledger.ts"
import * as Price from "./Price.ts"

const amount = (inputTokens: number, outputTokens: number, price: Price.Price | undefined): Amount => ({
  inputTokens,
  outputTokens,
  microUsd: price === undefined ? 0 : Price.microUsd(price, { inputTokens, outputTokens, cachedInputTokens: 0 })
})

/** The most that a request may cost. `largestReply`: stands in where it declares no maximum of output tokens. */
export const most = (request: Request, price: Price.Price | undefined, largestReply: number): Amount =>
  amount(Bound.inputTokens(request), Bound.outputTokens(request) ?? Math.max(1, largestReply), price)

/** What a reply cost. */
export interface Charge {
  /** For the budget: what the provider does not say is counted with the most it can be. */
  readonly amount: Amount
  /** For the account: `undefined` where it is not known. */
  readonly microUsd: number | undefined
}

type Reply = Pick<Completion, "text" | "usage">

/** A reply that came and could not be used, where the provider said what it used. */
export const failedReply = (error: TextModelError): Reply | undefined =>
  "usage" in error && error.usage !== undefined ? { text: "", usage: error.usage } : undefined

/** The provider's own word on the cost comes first. A reply without counts of tokens has a price only where it is free. */
export const ofReply = ({ text, usage }: Reply, request: Request, price: Price.Price | undefined): Charge => {
  const { inputTokens, outputTokens, usd } = usage
  const said = usd === undefined ? undefined : usd * 1e6
  const counted = inputTokens + outputTokens > 0
  const most = counted ? undefined : amount(Bound.inputTokens(request), Bound.ofText(text), price)
  const priced = price === undefined ? undefined : Price.microUsd(price, usage)
  const known = said ?? (counted || (most !== undefined && most.microUsd === 0) ? priced : undefined)
  return {
    amount: {
      inputTokens: most?.inputTokens ?? inputTokens,
      outputTokens: most?.outputTokens ?? outputTokens,
      microUsd: known ?? most?.microUsd ?? 0
    },
    microUsd: known
  }
}
