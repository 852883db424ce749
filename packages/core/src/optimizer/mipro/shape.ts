/** What a pipeline looks like from one example: for a prompt, in words, without the values. */
import * as Graph from "../../graph/Graph.ts"
import * as Variable from "../../graph/Variable.ts"
import * as Fence from "../../prompts/Fence.ts"
import type { Evidence } from "../Optimizer.ts"

/** More lines say less. */
const longest = 40

const nameOf = (variable: Variable.Any): string => {
  const role = Fence.quote(variable.role)
  switch (variable.origin._tag) {
    case "Constant":
      return `the given ${role}`
    case "Parameter":
      return `the trainable ${role}`
    case "Operation":
      return role
  }
}

/** One line an operation, inputs before what is made from them. */
export const shape = ({ loss }: Evidence): string => {
  const { nodes } = Graph.make(loss)
  const lines = nodes.flatMap((variable): ReadonlyArray<string> => {
    const { origin } = variable
    if (origin._tag !== "Operation") return []
    const maker = origin.name === "Generate" ? "a language model" : origin.name
    const from = [...new Set(origin.inputs)].map(nameOf).join(", ")
    return [`- ${nameOf(variable)} is made by ${maker} from ${from === "" ? "nothing" : from}`]
  })
  const more = lines.length - longest
  return [...lines.slice(0, longest), ...(more > 0 ? [`- and ${more} more`] : [])].join("\n")
}

/** What was given to the pipeline from outside, in an example. */
export const given = ({ loss }: Evidence): ReadonlyArray<{ readonly role: string; readonly text: string }> =>
  Graph.make(loss)
    .nodes.filter(({ origin }) => origin._tag === "Constant")
    .map((variable) => ({ role: variable.role, text: Variable.shown(variable) }))
