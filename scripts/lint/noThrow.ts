/** Failures are values in the error channel; only what Effect.try or Effect.tryPromise is given may throw. */
import { enclosing, mayThrow } from "./boundary.ts"
import type { Rule } from "./Rule.ts"

export const noThrow: Rule = {
  create: (context) => ({
    ThrowStatement: (node) => {
      const within = enclosing(node)
      if (within !== undefined && mayThrow(within)) return
      context.report({ node, message: "Nothing is thrown: fail with a tagged error, or Effect.die for a defect." })
    }
  })
}
