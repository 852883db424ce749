/**
 * An Effect that is made and dropped never runs: nearly always a forgotten `yield*`. Seen by its module's name, for want
 * of types: `Effect.log("…")` or `Ref.set(ref, 1)` as a whole statement.
 */
import { identifier, type Node, type Rule } from "./Rule.ts"

const modules = new Set([
  "Effect",
  "Ref",
  "SynchronizedRef",
  "SubscriptionRef",
  "Queue",
  "PubSub",
  "Deferred",
  "Fiber",
  "FiberSet",
  "Stream",
  "Layer",
  "Console",
  "Clock",
  "Semaphore",
  "Latch"
])
const runs = /^run|^unsafe|Unsafe$/

export const noFloatingEffect: Rule = {
  create: (context) => ({
    ExpressionStatement: (node) => {
      const call = node["expression"] as Node
      const callee = call.type === "CallExpression" ? (call["callee"] as Node) : undefined
      if (callee?.type !== "MemberExpression") return
      const [module, method] = [identifier(callee["object"]), identifier(callee["property"])]
      if (module === undefined || method === undefined || !modules.has(module) || runs.test(method)) return
      context.report({
        node,
        message: `${module}.${method}(…) is made and dropped, so it never runs: yield* it, or return it.`
      })
    }
  })
}
