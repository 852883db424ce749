/** The selectors that can be asked for by name. */
import {
  Beam,
  EpsilonGreedy,
  Latest,
  type Objectives,
  Pareto,
  type Selector,
  Softmax,
  TopK,
  ValidationGate
} from "@backprose/core"
import type * as Layer from "effect/Layer"

/** As written on the command line and in records of runs. A name once given stays. */
export const names = ["validation-gate", "latest", "pareto", "beam", "top-k", "epsilon-greedy", "softmax"] as const
export type Name = (typeof names)[number]

/** The layer of a selector. `objectives`: what counts, where it is not the score alone. */
export const layer = (name: Name, objectives?: Objectives.Weights): Layer.Layer<Selector> => {
  const counting = objectives === undefined ? {} : { objectives }
  switch (name) {
    case "validation-gate":
      return ValidationGate.layer(counting)
    case "latest":
      return Latest.layer
    case "pareto": {
      if (objectives === undefined) return Pareto.layer()
      const named = Object.keys(objectives) as ReadonlyArray<Objectives.Objective>
      return Pareto.layer({ by: "both", objectives: named })
    }
    case "beam":
      return Beam.layer(counting)
    case "top-k":
      return TopK.layer(counting)
    case "epsilon-greedy":
      return EpsilonGreedy.layer(counting)
    case "softmax":
      return Softmax.layer(counting)
  }
}

/** Whether it compares candidates on the validation set. */
export const evaluates = (name: Name): boolean => name !== "latest"

/** Whether it keeps several candidates, so that several can be extended. */
export const keepsSeveral = (name: Name): boolean => name !== "latest" && name !== "validation-gate"
