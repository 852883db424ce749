/**
 * The price list of hosted models: `@pydantic/genai-prices`, which carries its prices in the package and asks no network.
 * The only file that knows it; it is loaded when the price of a hosted model is asked for.
 */
import type { Price } from "@backprose/core"
import type { ModelPrice } from "@pydantic/genai-prices"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

type Rate = ModelPrice[string]

/** A rate for calls whose input is larger than `tokens`. */
const at = (rate: Rate, tokens: number): number | undefined =>
  rate === undefined || typeof rate === "number"
    ? rate
    : (rate.tiers.findLast(({ start }) => start <= tokens)?.price ?? rate.base)

const tiers = (rate: Rate): ReadonlyArray<number> =>
  rate === undefined || typeof rate === "number" ? [] : rate.tiers.map(({ start }) => start)

const priceOf = (listed: ModelPrice): Price.Price | undefined => {
  const { input_mtok, cache_read_mtok, output_mtok } = listed
  const rates = (tokens: number) => {
    const [input, cachedInput, output] = [input_mtok, cache_read_mtok, output_mtok].map((rate) => at(rate, tokens))
    if (input === undefined || output === undefined) return undefined
    return { input, output, ...(cachedInput === undefined ? {} : { cachedInput }) }
  }
  const base = rates(0)
  // what is charged for each request is in no count of tokens
  if (base === undefined || listed["requests_kcount"] !== undefined) return undefined
  const starts = [...new Set([input_mtok, cache_read_mtok, output_mtok].flatMap(tiers))].toSorted((a, b) => a - b)
  const above = starts.flatMap((inputTokens) => {
    const there = rates(inputTokens)
    return there === undefined ? [] : [{ inputTokens, ...there }]
  })
  return above.length === 0 ? base : { ...base, above }
}

/** What the list says of a model today; a server that it does not know may ask anything, so that is not known. */
export const lookup: Price.Lookup = ({ provider, model, endpoint }) =>
  Effect.gen(function* () {
    const { calcPrice } = yield* Effect.promise(() => import("@pydantic/genai-prices"))
    const now = yield* Clock.currentTimeMillis
    const where = endpoint === undefined ? { providerId: provider } : { providerApiUrl: endpoint }
    const listed = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { ...where, timestamp: new Date(now) })
    return listed === null ? undefined : priceOf(listed.model_price)
  })
