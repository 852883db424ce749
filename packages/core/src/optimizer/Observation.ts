/**
 * What a minibatch showed of one parameter: each model call that read it, with what went in beside parameters, what came
 * out, and how the whole example was judged. For optimizers that learn from traces instead of gradients.
 */
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Graph from "../graph/Graph.ts"
import { isImage } from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import type { Evidence, ProposalRequest } from "./Optimizer.ts"

/** A piece of what a model was given, as it saw it. */
export interface Input {
  readonly role: string
  readonly text: string
}

export interface Observation {
  /** The place of the example in the training set; `undefined` where only criticism is known. */
  readonly example: number | undefined
  readonly inputs: ReadonlyArray<Input>
  /** Empty where only criticism is known. */
  readonly output: string
  readonly outputRole: string
  /** Of the example, 0 to 1. */
  readonly score: number
  /** Empty where nothing was said. */
  readonly feedback: string
  /** Whether it is a model call whose inputs and output are all text: what can be shown again as a demonstration. */
  readonly isDemonstrable: boolean
}

/** Whether the example came out right. */
export const isRight = ({ score }: Pick<Observation, "score">): boolean => score >= 1

const isModelCall = ({ origin }: Variable.Any): boolean => origin._tag === "Operation" && origin.name === "Generate"

/** For each node, whether a wanted leaf reaches it without a model call in between. */
const reaching = (graph: Graph.Graph<any>, isWanted: (name: string) => boolean): ReadonlyArray<boolean> => {
  const reached: Array<boolean> = []
  graph.nodes.forEach((node, i) => {
    const name = Variable.parameterName(node)
    reached.push(
      name === undefined ? !isModelCall(node) && graph.inputs[i]!.some((input) => reached[input]) : isWanted(name)
    )
  })
  return reached
}

/** What stands in an operation beside parameters, however they were combined with it. */
const given = (graph: Graph.Graph<any>, at: number, mixed: ReadonlyArray<boolean>): ReadonlyArray<Variable.Any> => {
  const found = new Set<number>()
  const seen = new Set<number>()
  const visit = (inputs: ReadonlyArray<number>): void => {
    for (const input of inputs) {
      if (seen.has(input)) continue
      seen.add(input)
      if (mixed[input]) visit(graph.inputs[input]!)
      else found.add(input)
    }
  }
  visit(graph.inputs[at]!)
  return [...found].map((i) => graph.nodes[i]!)
}

/** What was said of an example: by its judge, and in its loss where that is a text. */
export const said = ({ feedback, loss }: Pick<Evidence, "feedback" | "loss">): string =>
  [feedback, typeof loss.value === "string" ? loss.value : ""].filter((text) => text.trim() !== "").join("\n")

/** The observations of a parameter in one example: none where the example did not use it. */
export const of = (evidence: Evidence, name: string): ReadonlyArray<Observation> => {
  const graph = Graph.make(evidence.loss)
  if (!graph.nodes.some((node) => Variable.parameterName(node) === name)) return []
  const mine = reaching(graph, (other) => other === name)
  const mixed = reaching(graph, () => true)
  const judged = { example: evidence.example, score: evidence.score, feedback: said(evidence) }
  const calls = graph.nodes.flatMap((node, i): ReadonlyArray<Observation> => {
    if (!isModelCall(node) || !graph.inputs[i]!.some((input) => mine[input])) return []
    const inputs = given(graph, i, mixed)
    return [
      {
        ...judged,
        inputs: inputs.map((input) => ({ role: input.role, text: Variable.shown(input) })),
        output: Variable.render(node.value),
        outputRole: node.role,
        isDemonstrable: inputs.length > 0 && !inputs.some(({ value }) => isImage(value))
      }
    ]
  })
  // no model reads it: a program, a plan, an answer that is itself improved
  return calls.length > 0
    ? calls
    : [{ ...judged, inputs: [], output: evidence.output, outputRole: "output", isDemonstrable: false }]
}

/** All that is known of a parameter in a step: its observations or, where there is no evidence, the criticism of it. */
export const all = (
  { evidence, gradients }: Pick<ProposalRequest, "evidence" | "gradients">,
  { name, variable }: Parameters.Entry
): ReadonlyArray<Observation> =>
  evidence.length > 0
    ? evidence.flatMap((one) => of(one, name))
    : GradientMap.criticism(gradients, variable).map(({ score, text }) => ({
        example: undefined,
        inputs: [],
        output: "",
        outputRole: "",
        score: score ?? 0,
        feedback: text,
        isDemonstrable: false
      }))

/** Wrong ones first, the worst of them in front, then right ones: at most so many of each. */
export const choose = (
  observations: ReadonlyArray<Observation>,
  most: { readonly wrong: number; readonly right: number }
): ReadonlyArray<Observation> => [
  ...observations
    .filter((one) => !isRight(one))
    .sort((a, b) => a.score - b.score)
    .slice(0, most.wrong),
  ...observations.filter(isRight).slice(0, most.right)
]
