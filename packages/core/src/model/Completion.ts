/**
 * One reply of a model: its text, why it ended, and what it cost.
 */
import * as Schema from "effect/Schema"

/** After `stop` a reply is whole; `unknown` is a provider that does not say, and is taken at its word. */
export const FinishReason = Schema.Literals(["stop", "length", "content-filter", "tool-calls", "unknown"])
export type FinishReason = typeof FinishReason.Type

// JSON knows no negative zero: what is read back is to be what was written
const amount = Schema.Finite.check(Schema.makeFilter((n) => n > 0 || Object.is(n, 0), { title: "an amount from 0" }))

/** What a call used, in tokens. `cachedInputTokens` is the part of `inputTokens` that the provider had kept. */
export const Usage = Schema.Struct({
  calls: Schema.Int,
  inputTokens: Schema.Int,
  cachedInputTokens: Schema.Int,
  outputTokens: Schema.Int,
  /** What the provider says that one call cost, in US dollars. Most say nothing; sums of it are in `Spend`. */
  usd: Schema.optionalKey(amount)
})
export type Usage = typeof Usage.Type

export const Completion = Schema.Struct({
  /** For a structured reply: the JSON text. */
  text: Schema.String,
  finishReason: FinishReason,
  usage: Usage,
  /** The model that answered, as the provider names it. */
  model: Schema.optionalKey(Schema.String)
})
export type Completion = typeof Completion.Type

/** Nothing used: the neutral element of `addUsage`. */
export const noUsage: Usage = { calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }

/** The sum of two usages, field by field. A sum has no `usd`: of some of its parts it would be half the truth. */
export const addUsage = (a: Usage, b: Usage): Usage => ({
  calls: a.calls + b.calls,
  inputTokens: a.inputTokens + b.inputTokens,
  cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  outputTokens: a.outputTokens + b.outputTokens
})

/** A whole reply of one call. */
export const make = (text: string, fields?: Partial<Completion>): Completion => ({
  text,
  finishReason: "stop",
  usage: { ...noUsage, calls: 1 },
  ...fields
})
