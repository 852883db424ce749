/**
 * What a command may spend, and at which prices: as given on the command line, and as a run's record keeps it.
 */
import { type Budget, Price } from "@backprose/core"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { OptionInvalid } from "../exit/errors.ts"
import * as Figures from "../report/figures.ts"
import * as GivenPrice from "./GivenPrice.ts"
import * as priceList from "./priceList.ts"

/** Each limit holds for the whole run, the test included, over all its sessions. */
export const fields = {
  maxCalls: Schema.optionalKey(Schema.Int),
  /** In and out together. */
  maxTokens: Schema.optionalKey(Schema.Int),
  /** In US dollars. */
  maxCost: Schema.optionalKey(Schema.Finite),
  maxTimeMs: Schema.optionalKey(Schema.Finite),
  prices: Schema.optionalKey(Schema.Array(GivenPrice.GivenPrice))
}

export const Allowance = Schema.Struct(fields)
export type Allowance = typeof Allowance.Type

/** As flags give it. */
export interface Given {
  readonly maxCalls: number | undefined
  readonly maxTokens: number | undefined
  readonly maxCost: number | undefined
  readonly maxTimeMs: number | undefined
  readonly prices: ReadonlyArray<GivenPrice.GivenPrice>
}

/** What was given, where something was. */
export const of = ({ maxCalls, maxTokens, maxCost, maxTimeMs, prices }: Given): Allowance => ({
  ...(maxCalls === undefined ? {} : { maxCalls }),
  ...(maxTokens === undefined ? {} : { maxTokens }),
  ...(maxCost === undefined ? {} : { maxCost }),
  ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
  ...(prices.length === 0 ? {} : { prices })
})

/** What is given now, on top of what held before. */
export const merged = (given: Given, before: Allowance): Given => ({
  maxCalls: given.maxCalls ?? before.maxCalls,
  maxTokens: given.maxTokens ?? before.maxTokens,
  maxCost: given.maxCost ?? before.maxCost,
  maxTimeMs: given.maxTimeMs ?? before.maxTimeMs,
  prices: given.prices.length > 0 ? given.prices : (before.prices ?? [])
})

/** As core's budget takes it. */
export const limits = ({ maxCalls, maxTokens, maxCost, maxTimeMs }: Allowance): Partial<Budget.Limits> => ({
  ...(maxCalls === undefined ? {} : { calls: maxCalls }),
  ...(maxTokens === undefined ? {} : { tokens: maxTokens }),
  ...(maxCost === undefined ? {} : { usd: maxCost }),
  ...(maxTimeMs === undefined ? {} : { time: maxTimeMs })
})

/** The limits in words, `undefined` where there are none. */
export const words = ({ maxCalls, maxTokens, maxCost, maxTimeMs }: Allowance): string | undefined => {
  const parts = [
    ...(maxCalls === undefined ? [] : [Figures.of(maxCalls, "model call")]),
    ...(maxTokens === undefined ? [] : [Figures.of(maxTokens, "token")]),
    ...(maxCost === undefined ? [] : [Figures.dollars(maxCost)]),
    ...(maxTimeMs === undefined ? [] : [Figures.duration(maxTimeMs)])
  ]
  return parts.length === 0 ? undefined : parts.join(", ")
}

/** The flags of twice as much, for whoever goes on with a run whose budget was used up. */
export const doubled = ({ maxCalls, maxTokens, maxCost, maxTimeMs }: Allowance): ReadonlyArray<string> => [
  ...(maxCalls === undefined ? [] : ["--max-calls", `${2 * maxCalls}`]),
  ...(maxTokens === undefined ? [] : ["--max-tokens", `${2 * maxTokens}`]),
  ...(maxCost === undefined ? [] : ["--max-cost", `${Number((2 * maxCost).toPrecision(6))}`]),
  ...(maxTimeMs === undefined ? [] : ["--max-time", `${Math.ceil(maxTimeMs / 500)}s`])
]

/** Prices in the environment: as many as on the command line, with spaces between. */
const environment = Effect.gen(function* () {
  const text = yield* Effect.orDie(Config.withDefault(Config.NonEmptyString("BACKPROSE_PRICE"), ""))
  return yield* Effect.forEach(
    text.split(/\s+/).filter((part) => part !== ""),
    (part) => {
      const price = GivenPrice.parse(part)
      return price === undefined
        ? Effect.fail(new OptionInvalid({ message: `BACKPROSE_PRICE: "${part}" is no price: ${GivenPrice.written}` }))
        : Effect.succeed(price)
    }
  )
})

/** The prices of hosted models: those given, then those of the environment, then the price list. */
export const prices = (allowance: Allowance): Layer.Layer<never, OptionInvalid> =>
  Layer.effect(
    Price.Prices,
    Effect.map(
      environment,
      (set): Price.Lookup =>
        (model) => {
          const given = GivenPrice.find(allowance.prices ?? [], model) ?? GivenPrice.find(set, model)
          return given === undefined ? priceList.lookup(model) : Effect.succeed(given)
        }
    )
  )
