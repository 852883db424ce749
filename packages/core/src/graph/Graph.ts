/**
 * Everything a variable depends on, linearised: plain arrays, inputs before the operations that use them.
 */
import type { Any, Variable } from "./Variable.ts"

export interface Graph<out R = never> {
  /** In topological order: each node after all of its inputs. A variable used twice is one node. */
  readonly nodes: ReadonlyArray<Variable<unknown, R>>
  /** For each node, the indexes of its inputs, one an input slot. */
  readonly inputs: ReadonlyArray<ReadonlyArray<number>>
  /** The indexes of the variables it was made from. */
  readonly roots: ReadonlyArray<number>
}

const none: ReadonlyArray<never> = []

const inputsOf = (variable: Any): ReadonlyArray<Any> =>
  variable.origin._tag === "Operation" ? variable.origin.inputs : none

/**
 * The graph behind one variable, or behind several at once (a minibatch of losses). The walk is iterative, so a chain of
 * 100,000 operations is no deeper than one.
 */
export const make = <R = never>(of: Variable<unknown, R> | ReadonlyArray<Variable<unknown, R>>): Graph<R> => {
  const roots: ReadonlyArray<Any> = Array.isArray(of) ? of : [of]
  const index = new Map<Any, number>()
  const nodes: Array<Any> = []
  const path: Array<Any> = []
  const next: Array<number> = []
  for (const root of roots) {
    if (index.has(root)) continue
    path.push(root)
    next.push(0)
    while (path.length > 0) {
      const top = path.length - 1
      const node = path[top]!
      const input = inputsOf(node)[next[top]!]
      if (input === undefined) {
        if (!index.has(node)) index.set(node, nodes.push(node) - 1)
        path.pop()
        next.pop()
      } else {
        next[top]! += 1
        if (!index.has(input)) {
          path.push(input)
          next.push(0)
        }
      }
    }
  }
  return {
    nodes,
    inputs: nodes.map((node) => {
      const inputs = inputsOf(node)
      return inputs.length === 0 ? none : inputs.map((input) => index.get(input)!)
    }),
    roots: roots.map((root) => index.get(root)!)
  }
}

/** The trainable leaves of a graph, in order. */
export const parameters = <R>(self: Graph<R>): ReadonlyArray<Variable<unknown, R>> =>
  self.nodes.filter((node) => node.origin._tag === "Parameter")

/** The number of edges: input slots of all operations. */
export const edges = (self: Graph<any>): number => self.inputs.reduce((sum, inputs) => sum + inputs.length, 0)
