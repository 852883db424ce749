import * as Schema from "effect/Schema"
import type { Identity } from "../model/ModelIdentity.ts"

/** Money is limited, and nobody knows what a model costs: the limit could not hold, so nothing is asked. */
export class PriceUnknown extends Schema.TaggedError<PriceUnknown>()("PriceUnknown", {
  message: Schema.String,
  /** As `provider:model`; absent where the model has no identity. */
  model: Schema.optionalKey(Schema.String)
}) {}

/** @internal */
export const priceUnknown = (identity: Identity | undefined): PriceUnknown => {
  if (identity === undefined) {
    const message = "the budget is in US dollars, but a model has no ModelIdentity by which its price could be known"
    return new PriceUnknown({ message })
  }
  const model = `${identity.provider}:${identity.model}`
  const where = identity.endpoint === undefined ? "" : ` at ${identity.endpoint}`
  return new PriceUnknown({
    model,
    message: `the budget is in US dollars, but the price of ${model}${where} is not known: give it as dollars per million tokens, in and out (Price.layer; --price IN,OUT on the command line; 0,0 for a server of your own)`
  })
}
