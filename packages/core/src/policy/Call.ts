/**
 * The model call under way, over all its attempts: what the policies around one provider tell each other about it.
 */
import * as Context from "effect/Context"

export interface Call {
  /** When it must be over, in milliseconds since 1970: the caller's, until the first attempt sets its own. */
  deadline: number
  /** How many attempts have gone out. */
  attempts: number
  /** Whether one is at the provider now. */
  asking: boolean
}

/** The call that runs now; none outside of `Retry`. */
export const Call: Context.Reference<Call | undefined> = Context.Reference<Call | undefined>("@backprose/core/Call", {
  defaultValue: () => undefined
})
