/** A refusal of the budget, in words for people. */
import { BudgetExceeded } from "../model/TextModelError.ts"

type Limit = BudgetExceeded["of"]

const count = (n: number, what: string): string => `${n.toLocaleString("en")} ${what}`

/** Dollars with as many digits as small sums need. */
export const dollars = (usd: number): string =>
  `$${usd >= 1 || usd === 0 ? usd.toFixed(2) : usd.toFixed(Math.min(6, 3 - Math.floor(Math.log10(usd))))}`

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0)).toLocaleString("en")} s`

const amounts: { readonly [of in Limit]: (n: number) => string } = {
  calls: (n) => count(n, "model calls"),
  inputTokens: (n) => count(n, "input tokens"),
  outputTokens: (n) => count(n, "output tokens"),
  tokens: (n) => count(n, "tokens"),
  usd: dollars,
  time: seconds
}

/** `needed`: what the next call may need, where that is known and does not fit any more. */
export const refusal = (of: Limit, limit: number, spent: number, needed?: number): BudgetExceeded => {
  const words = amounts[of]
  const message =
    needed === undefined || spent >= limit
      ? `the budget of ${words(limit)} is used up`
      : `the budget of ${words(limit)} is used up: ${words(spent)} spent, and the next call may need ${words(needed)}`
  return new BudgetExceeded({ message, of, limit, spent })
}
