/** A graph as the lines of the program run that made it: each value with the operation and the inputs it came from. */
import * as Graph from "../graph/Graph.ts"
import * as Snapshot from "../graph/Snapshot.ts"
import * as Variable from "../graph/Variable.ts"
import type { Case, Line } from "../prompts/Trace.ts"

export interface Options {
  /** Values are shown up to so many characters: beyond, the middle is left out, and said to be. */
  readonly valueLength: number
  /** So many lines at most, those nearest to the result. */
  readonly lines: number
}

export interface Program extends Case {
  /** What was judged: the ids of the lines. */
  readonly results: ReadonlyArray<string>
}

/** The lines behind a judgement, without the judgement, and without the parameters: those go by their names. */
export const of = (loss: Variable.Any, { lines, valueLength }: Options): Program => {
  const graph = Graph.make(loss)
  const { nodes } = Snapshot.of(graph)
  const root = graph.roots[0]!
  const ids: Array<string> = []
  const all: Array<Line> = []
  for (const [i, node] of nodes.entries()) {
    if (node.kind === "parameter") {
      ids.push(node.name ?? node.role)
      continue
    }
    ids.push(`x${all.length + 1}`)
    if (i === root) continue
    all.push({
      id: ids[i]!,
      operation: node.kind === "operation" ? node.name : undefined,
      inputs: node.inputs.map((input) => ids[input]!),
      role: node.role,
      value: shortened(rendered(node.value), valueLength)
    })
  }
  const leftOut = Math.max(0, all.length - lines)
  return { lines: all.slice(leftOut), leftOut, results: graph.inputs[root]!.map((input) => ids[input]!) }
}

const rendered = (value: Snapshot.Value): string => {
  switch (value._tag) {
    case "Text":
    case "Opaque":
      return value.text
    case "Json":
      return Variable.render(value.json)
    case "Image":
      return "[image]"
  }
}

const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text
  const half = Math.floor(most / 2)
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`
}
