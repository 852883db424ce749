/** `try` in a generator catches only what is thrown, never an Effect that fails, so it promises what it cannot do. */
import { enclosing } from "./boundary.ts"
import type { Rule } from "./Rule.ts"

export const noTryInGenerator: Rule = {
  create: (context) => ({
    TryStatement: (node) => {
      if (enclosing(node)?.["generator"] !== true) return
      context.report({
        node,
        message: "try in a generator does not see an Effect fail: use Effect.try, Effect.catch… or Effect.ensuring."
      })
    }
  })
}
