/** The task of these rows with a solver that does not let go when it is interrupted. */
import * as Effect from "effect/Effect"
import codes from "./codes.ts"

export default {
  ...codes,
  forward: (...given: Parameters<typeof codes.forward>) =>
    Effect.onInterrupt(codes.forward(...given), () => Effect.sleep("30 seconds"))
}
