/**
 * A graph as plain data, before it is built: what generators generate, what shrinks, and what a failing property prints.
 */

/** What a step of a blueprint becomes. A sum passes feedback on as it is; a stop passes none. */
export type Kind = "parameter" | "constant" | "operation" | "sum" | "stop"

/** How an operation computes, where the graph is built of numbers. All give values from -1 to 1. */
export type Formula = "sine" | "product" | "mean" | "difference"

/** One variable to be. */
export interface Step {
  readonly kind: Kind
  /** Indexes of earlier steps; the same one may stand in several places. */
  readonly inputs: ReadonlyArray<number>
  /** The number in a leaf, from -1 to 1. */
  readonly value: number
  readonly formula: Formula
  /** How long the pullback takes where delays are asked for, in milliseconds. */
  readonly delay: number
}

/** Steps in an order where inputs come first, and the steps that are differentiated; these may repeat. */
export interface Blueprint {
  readonly steps: ReadonlyArray<Step>
  readonly roots: ReadonlyArray<number>
}

/** The distinct roots, in order. */
export const roots = (self: Blueprint): ReadonlyArray<number> => [...new Set(self.roots)]

/**
 * The steps behind the roots in the order of a depth-first walk that follows inputs left to right: the order in which
 * consumers are heard. Written as the definition has it, by recursion, to check folds that are written otherwise.
 */
export const order = (self: Blueprint): ReadonlyArray<number> => {
  const seen = new Set<number>()
  const visit = (step: number): void => {
    if (seen.has(step)) return
    for (const input of self.steps[step]!.inputs) visit(input)
    seen.add(step)
  }
  for (const root of self.roots) visit(root)
  return [...seen]
}

/** Whether feedback on a step can reach a parameter, by step. */
export const reaching = (self: Blueprint): ReadonlyArray<boolean> => {
  const reaches: Array<boolean> = []
  for (const { inputs, kind } of self.steps) {
    reaches.push(kind === "parameter" || (kind !== "stop" && inputs.some((input) => reaches[input]!)))
  }
  return reaches
}

/** An input slot of a step. */
export interface Edge {
  readonly consumer: number
  readonly slot: number
}

/** The slots that a step fills among the steps behind the roots, in the order in which they are heard. */
export const consumers = (self: Blueprint, step: number): ReadonlyArray<Edge> =>
  order(self).flatMap((consumer) =>
    self.steps[consumer]!.inputs.flatMap((input, slot) => (input === step ? [{ consumer, slot }] : []))
  )
