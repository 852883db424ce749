/**
 * A price that the user gives, as it is written: dollars per million tokens, `IN,OUT` or `IN,CACHED,OUT`, for one model
 * with `MODEL=` before it.
 */
import type { Identity, Price } from "@backprose/core"
import * as Schema from "effect/Schema"

const rate = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

export const GivenPrice = Schema.Struct({
  /** A model's name, with or without its provider; absent for all hosted models. */
  model: Schema.optionalKey(Schema.String),
  input: rate,
  cachedInput: Schema.optionalKey(rate),
  output: rate
})
export type GivenPrice = typeof GivenPrice.Type

/** How a price is written, for messages. */
export const written =
  "dollars per million tokens, in and out, as in 0.25,2 (or IN,CACHED,OUT; for one model MODEL=IN,OUT)"

/** Reads a price; `undefined` where it is none. */
export const parse = (text: string): GivenPrice | undefined => {
  const at = text.lastIndexOf("=")
  const model = at < 0 ? undefined : text.slice(0, at).trim()
  const rates = text
    .slice(at + 1)
    .split(",")
    .map((part) => (/^\s*\$?\d*\.?\d+\s*$/.test(part) ? Number(part.replace("$", "")) : Number.NaN))
  if (model === "" || rates.some(Number.isNaN) || rates.length < 2 || rates.length > 3) return undefined
  return {
    ...(model === undefined ? {} : { model }),
    input: rates[0]!,
    ...(rates.length === 3 ? { cachedInput: rates[1]! } : {}),
    output: rates.at(-1)!
  }
}

/** The price given for a model: by name first, then the one for all. */
export const find = (prices: ReadonlyArray<GivenPrice>, { provider, model }: Identity): Price.Price | undefined =>
  prices.find((price) => price.model === `${provider}:${model}` || price.model === model) ??
  prices.find((price) => price.model === undefined)
