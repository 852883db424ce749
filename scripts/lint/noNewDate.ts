/** `new Date()` reads the machine's clock, which tests cannot move. `new Date(millis)` is fine. */
import { identifier, type Rule } from "./Rule.ts"

export const noNewDate: Rule = {
  create: (context) => ({
    NewExpression: (node) => {
      if (identifier(node["callee"]) !== "Date" || (node["arguments"] as ReadonlyArray<unknown>).length > 0) return
      context.report({ node, message: "new Date() reads the machine's clock: use Clock or DateTime.now." })
    }
  })
}
