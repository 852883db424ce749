/** Failures are values in the error channel. */
import type { Rule } from "./Rule.ts"

export const noThrow: Rule = {
  create: (context) => ({
    ThrowStatement: (node) =>
      context.report({ node, message: "Nothing is thrown: fail with a tagged error, or Effect.die for a defect." })
  })
}
