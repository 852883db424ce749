/**
 * The laws of a program of one's own: that its forward pass gives values, and that its backward pass leaves them alone.
 */
import {
  Backward,
  type BackwardError,
  type Feedback,
  type GradientMap,
  Graph,
  Snapshot,
  type Variable
} from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Formatter from "effect/Formatter"
import { LawBroken } from "./Law.ts"

/** One loss, or those of a minibatch. */
export type Losses<RB> = Variable.Variable<unknown, RB> | ReadonlyArray<Variable.Variable<unknown, RB>>

const same = (law: string, actual: unknown, expected: unknown): Effect.Effect<void, LawBroken> =>
  Equal.equals(actual, expected)
    ? Effect.void
    : Effect.fail(
        new LawBroken({ law, message: `${law}: got ${Formatter.format(actual)}, then ${Formatter.format(expected)}` })
      )

// gradients by the place of their variable in the graph, so that those of two equal graphs compare
const placed = (
  graph: Graph.Graph<any>,
  gradients: GradientMap.GradientMap
): ReadonlyArray<ReadonlyArray<Feedback.Feedback>> => graph.nodes.map((node) => gradients.of(node))

const freeze = (graph: Graph.Graph<any>): void => {
  for (const node of graph.nodes) {
    Object.freeze(node)
    Object.freeze(node.origin)
    if (node.origin._tag === "Operation") Object.freeze(node.origin.inputs)
  }
}

/** Checks all laws of a program whose models answer the same question in the same way. */
export const check = Effect.fnUntraced(function* <E, R, RB>(
  forward: Effect.Effect<Losses<RB>, E, R>
): Effect.fn.Return<void, LawBroken | E | BackwardError.BackwardError, R | RB> {
  const graph = Graph.make<RB>(yield* forward)
  const again = Graph.make<RB>(yield* forward)
  const before = Snapshot.of(graph)
  yield* same("a forward pass run twice with the same replies gives equal graphs", before, Snapshot.of(again))
  freeze(graph)
  const losses = graph.roots.map((root) => graph.nodes[root]!)
  const first = placed(graph, yield* Backward.run(losses))
  yield* same("the backward pass changes nothing", before, Snapshot.of(graph))
  for (const concurrency of [1, 4, Number.POSITIVE_INFINITY]) {
    const gradients = placed(graph, yield* Backward.run(losses, { concurrency }))
    yield* same("the gradients are the same at any concurrency", first, gradients)
  }
})
