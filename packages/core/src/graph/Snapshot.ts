/**
 * A graph as plain data: what is stored, compared and drawn. It holds the values whole; shortening is for pictures.
 */
import * as Equal from "effect/Equal"
import * as Formatter from "effect/Formatter"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Feedback } from "./Feedback.ts"
import type { Graph } from "./Graph.ts"
import { isImage } from "./Image.ts"
import type { Any } from "./Variable.ts"

/** A value as data. What is no JSON (a date, a map, `NaN`, a cycle) is kept as a text that shows it. */
export const Value = Schema.Union([
  Schema.Struct({ _tag: Schema.tag("Text"), text: Schema.String }),
  Schema.Struct({ _tag: Schema.tag("Json"), json: Schema.Json }),
  Schema.Struct({ _tag: Schema.tag("Image"), mediaType: Schema.String, url: Schema.String }),
  Schema.Struct({ _tag: Schema.tag("Opaque"), text: Schema.String })
])
export type Value = typeof Value.Type

/** What a variable came from. */
export const Kind = Schema.Literals(["constant", "parameter", "operation"])
export type Kind = typeof Kind.Type

/** One variable. */
export const Node = Schema.Struct({
  kind: Kind,
  /** The path of a parameter, or the name of an operation. */
  name: Schema.optionalKey(Schema.String),
  role: Schema.String,
  value: Value,
  /** The indexes of the inputs, one an input slot; each is less than the node's own. */
  inputs: Schema.Array(Schema.Int),
  /** `false` for an operation through which no feedback flows back. */
  differentiable: Schema.optionalKey(Schema.Literal(false)),
  /** What was said about it in a backward pass; absent where nothing was. */
  feedback: Schema.optionalKey(Schema.Array(Feedback))
})
export type Node = typeof Node.Type

/** The whole graph, inputs before the operations that use them. `version` changes when the shape of this data does. */
export const Snapshot = Schema.Struct({
  version: Schema.Literal(1),
  nodes: Schema.Array(Node),
  roots: Schema.Array(Schema.Int)
}).check(
  Schema.makeFilter(({ nodes, roots }) => {
    const at = nodes.findIndex(({ inputs }, i) => inputs.some((input) => input < 0 || input >= i))
    if (at >= 0) return `node ${at} has an input that does not come before it`
    const root = roots.find((index) => index < 0 || index >= nodes.length)
    return root === undefined || `there is no node ${root} to be a root`
  })
)
export type Snapshot = typeof Snapshot.Type

/** What was said about a variable: `gradients.of` of a backward pass, for example. */
export type FeedbackOf = (variable: Any) => ReadonlyArray<Feedback>

const said: FeedbackOf = () => []

/**
 * The snapshot of a graph, with the feedback of a backward pass where it is given.
 *
 * **Example**
 *
 * ```ts
 * import { Graph, Snapshot, Variable } from "@backprose/core"
 *
 * const question = Variable.constant("What is 2 + 2?", "question")
 * const snapshot = Snapshot.of(Graph.make(question))
 * snapshot.nodes[0]?.value // => { _tag: "Text", text: "What is 2 + 2?" }
 * ```
 */
export const of = (graph: Graph<any>, feedbackOf: FeedbackOf = said): Snapshot => ({
  version: 1,
  nodes: graph.nodes.map((variable, i) => nodeOf(variable, graph.inputs[i]!, feedbackOf(variable))),
  roots: graph.roots
})

/**
 * Whether two graphs are structurally equal: the same operations on the same values with the same sharing. Two forward
 * passes with the same replies are.
 */
export const equals = (self: Snapshot, that: Snapshot): boolean => Equal.equals(self, that)

const nodeOf = (variable: Any, inputs: ReadonlyArray<number>, feedback: ReadonlyArray<Feedback>): Node => {
  const { origin, role } = variable
  const about = feedback.length === 0 ? {} : { feedback }
  switch (origin._tag) {
    case "Constant":
      return { kind: "constant", role, value: valueOf(variable.value), inputs, ...about }
    case "Parameter":
      return {
        kind: "parameter",
        name: origin.name,
        role,
        value: parameterValue(origin.schema, variable),
        inputs,
        ...about
      }
    case "Operation":
      return {
        kind: "operation",
        name: origin.name,
        role,
        value: valueOf(variable.value),
        inputs,
        ...(origin.pullback === undefined ? { differentiable: false as const } : {}),
        ...about
      }
  }
}

// a parameter knows its own JSON
const parameterValue = (schema: Schema.Codec<unknown, unknown>, { value }: Any): Value => {
  if (typeof value === "string") return valueOf(value)
  const encoded = Schema.encodeUnknownResult(Schema.toCodecJson(schema))(value)
  return valueOf(Result.isSuccess(encoded) ? encoded.success : value)
}

const isJson = Schema.is(Schema.Json)

const valueOf = (value: unknown): Value => {
  if (typeof value === "string") return { _tag: "Text", text: value }
  if (isImage(value)) return { _tag: "Image", mediaType: value.mediaType, url: value.url }
  if (isJson(value)) return { _tag: "Json", json: value }
  return { _tag: "Opaque", text: Formatter.format(value) }
}
