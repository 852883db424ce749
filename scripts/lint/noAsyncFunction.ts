/** A function of ours returns an Effect. Only what an Effect is made of, written on the spot, may await a Promise. */
import { isHandedOver } from "./boundary.ts"
import type { Node, Rule } from "./Rule.ts"

export const noAsyncFunction: Rule = {
  create: (context) => {
    const check = (node: Node): void => {
      if (node["async"] !== true || isHandedOver(node)) return
      context.report({
        node,
        message: "A function of ours returns an Effect: await only inside what is handed to Effect.tryPromise."
      })
    }
    return { FunctionExpression: check, FunctionDeclaration: check, ArrowFunctionExpression: check }
  }
}
