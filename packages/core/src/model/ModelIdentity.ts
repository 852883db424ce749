/**
 * Which model it is that answers: replies of another model, or of another server, are other replies.
 */
import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { canonical } from "./canonical.ts"
import { sha256 } from "./sha256.ts"

/** A model, as far as its replies depend on it. */
export const Identity = Schema.Struct({
  /** `openai`, `local`, …: who prices and names the model. */
  provider: Schema.String,
  model: Schema.String,
  /** Where it is asked, origin and path alone: a query may hold a secret. */
  endpoint: Schema.optionalKey(Schema.String),
  /** SHA-256 of what is set for all its calls and stands in no request (a temperature of the layer's, another API). */
  settings: Schema.optionalKey(Schema.String)
})
export type Identity = typeof Identity.Type

/** What a provider's layer gives beside its model, so that journals, caches and prices know it. */
export class ModelIdentity extends Context.Service<ModelIdentity, Identity>()("@backprose/core/ModelIdentity") {
  /**
   * The identity of a model from what a provider knows: of a URL it keeps origin and path, of settings a digest, the same
   * in whichever order they are written.
   */
  static named(fields: {
    readonly provider: string
    readonly model: string
    readonly url?: string | undefined
    readonly settings?: { readonly [name: string]: unknown } | undefined
  }): Identity {
    const { provider, model } = fields
    const url = fields.url === undefined ? null : URL.parse(fields.url)
    const settings = canonical(fields.settings ?? {})
    return {
      provider,
      model,
      ...(url === null ? {} : { endpoint: `${url.origin}${url.pathname.replace(/\/+$/, "")}` }),
      ...(settings === "{}" ? {} : { settings: sha256(settings) })
    }
  }
}
