/** Where code that awaits or throws turns into an Effect: a function written right where it is handed over. */
import { identifier, type Node } from "./Rule.ts"

const functions = new Set(["FunctionExpression", "FunctionDeclaration", "ArrowFunctionExpression"])

/** The function that a node is in, innermost. */
export const enclosing = (node: Node): Node | undefined => {
  let current = node.parent ?? undefined
  while (current !== undefined && !functions.has(current.type)) current = current.parent ?? undefined
  return current
}

/** `wrap(async () => …)`, or `wrap({ try: async () => … })`. */
export const isHandedOver = (node: Node): boolean => {
  const parent = node.parent
  if (parent?.type === "CallExpression") return (parent["arguments"] as ReadonlyArray<Node>).includes(node)
  return parent?.type === "Property" && identifier(parent["key"]) === "try"
}

/** Handed over as what may fail: awaiting, or under the name `try`, or to a function of that name. */
export const mayThrow = (node: Node): boolean => {
  if (!isHandedOver(node)) return false
  const callee = (node.parent?.type === "CallExpression" ? node.parent["callee"] : undefined) as Node | undefined
  return node["async"] === true || node.parent?.type === "Property" || identifier(callee?.["property"]) === "try"
}
