/** `try` in a generator catches only what is thrown, never an Effect that fails, so it promises what it cannot do. */
import type { Node, Rule } from "./Rule.ts"

const functions = new Set(["FunctionExpression", "FunctionDeclaration", "ArrowFunctionExpression"])

const enclosing = (node: Node): Node | undefined => {
  let current = node.parent ?? undefined
  while (current !== undefined && !functions.has(current.type)) current = current.parent ?? undefined
  return current
}

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
