/**
 * What a model costs. Core knows no price list: a program provides one (the command line has one), and a price that nobody
 * knows stays unknown. It is never taken for 0.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Usage } from "../model/Completion.ts"
import type { Identity } from "../model/ModelIdentity.ts"

/** US dollars per million tokens. */
export interface Rates {
  readonly input: number
  /** Of input that the provider had kept. Default: as other input. */
  readonly cachedInput?: number | undefined
  readonly output: number
}

/** The rates of a model, and other ones for calls whose input is larger than so many tokens, smallest first. */
export interface Price extends Rates {
  readonly above?: ReadonlyArray<Rates & { readonly inputTokens: number }> | undefined
}

/** The price of a model, `undefined` where it is not known. */
export type Lookup = (model: Identity) => Effect.Effect<Price | undefined>

/** The price list in use. Default: it knows no price. Ask it by `of`. */
export const Prices: Context.Reference<Lookup> = Context.Reference<Lookup>("@backprose/core/Prices", {
  defaultValue: () => () => Effect.succeed(undefined)
})

/** What an embedded model costs. */
export const free: Price = { input: 0, output: 0 }

/**
 * The price of a model: nothing where it is embedded in the process, else what the price list says. A model without an
 * identity has no price.
 */
export const of = (model: Identity | undefined): Effect.Effect<Price | undefined> =>
  model === undefined
    ? Effect.succeed(undefined)
    : model.provider === "local"
      ? Effect.succeed(free)
      : Effect.flatMap(Prices, (lookup) => lookup(model))

/**
 * Prices of your own, by `provider:model` or by the model's name alone. They come before the price list already there.
 *
 * **Example**
 *
 * ```ts
 * import { Price } from "@backprose/core"
 *
 * const prices = Price.layer({ "openai:gpt-5-mini": { input: 0.25, cachedInput: 0.025, output: 2 } })
 * ```
 */
export const layer = (prices: Readonly<Record<string, Price>>): Layer.Layer<never> =>
  Layer.effect(
    Prices,
    Effect.map(
      Prices,
      (otherwise): Lookup =>
        (model) => {
          const known = new Map(Object.entries(prices))
          const own = known.get(`${model.provider}:${model.model}`) ?? known.get(model.model)
          return own === undefined ? otherwise(model) : Effect.succeed(own)
        }
    )
  )

/** What a call costs, in millionths of a US dollar: sums of these are exact where sums of dollars are not. */
export const microUsd = (price: Price, usage: Omit<Usage, "calls">): number => {
  const { cachedInput, input, output } =
    price.above?.findLast(({ inputTokens }) => usage.inputTokens > inputTokens) ?? price
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens)
  return (usage.inputTokens - cached) * input + cached * (cachedInput ?? input) + usage.outputTokens * output
}
