/**
 * Which model it is that answers: replies of another model, or of another server, are other replies.
 */
import * as Context from "effect/Context"
import * as Schema from "effect/Schema"

/** A model, as far as its replies depend on it. */
export const Identity = Schema.Struct({
  /** `openai`, `local`, …: who prices and names the model. */
  provider: Schema.String,
  model: Schema.String,
  /** Where it is asked, origin and path alone: a query may hold a secret. */
  endpoint: Schema.optionalKey(Schema.String)
})
export type Identity = typeof Identity.Type

/** What a provider's layer gives beside its model, so that journals, caches and prices know it. */
export class ModelIdentity extends Context.Service<ModelIdentity, Identity>()("@backprose/core/ModelIdentity") {}
