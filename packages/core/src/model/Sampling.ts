/**
 * The sampling options of the call under way, for `effect/ai` providers: that interface has no place for a temperature
 * or a token limit in a request, so the adapter hands them over as a reference that a provider may read.
 */
import * as Context from "effect/Context"
import type { Request, Sampling } from "./Request.ts"

/** How the reply of the call under way is to be drawn: what the request says, and which sample of it this is. */
export interface CurrentSampling extends Sampling {
  /** The index of the sample: providers without one of their own fold it into the seed. */
  readonly sample: number
}

/** The sampling of the call under way. A provider reads it; nobody needs to set it. Default: the provider's own. */
export const CurrentSampling: Context.Reference<CurrentSampling> = Context.Reference<CurrentSampling>(
  "@backprose/core/CurrentSampling",
  { defaultValue: () => ({ sample: 0 }) }
)

export const of = (request: Request): CurrentSampling => ({ ...request.sampling, sample: request.sample })
