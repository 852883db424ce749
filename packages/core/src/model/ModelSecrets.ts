/**
 * What a provider's layer asks with, said by the layer itself: `Models.layer` keeps it out of prompts, journals and errors
 * without anyone having to name it again.
 */
import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"

/** A provider's key, and whatever else it must not be quoted with. */
export class ModelSecrets extends Context.Service<ModelSecrets, ReadonlyArray<Redacted.Redacted<string>>>()(
  "@backprose/core/ModelSecrets"
) {}
