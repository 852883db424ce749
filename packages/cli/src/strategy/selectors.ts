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

/** When a new prompt takes the place of the old one. */
export const accepts = ["not-worse", "strict-gain", "significant"] as const
export type Accept = (typeof accepts)[number]

const rules = { "not-worse": "notWorse", "strict-gain": "strictGain", significant: "significant" } as const

/** How a selector decides, where it is not by its own rule and the score alone. */
export interface Deciding {
  readonly objectives?: Objectives.Weights | undefined
  readonly accept?: Accept | undefined
}

/** The layer of a selector. */
export const layer = (name: Name, { accept, objectives }: Deciding = {}): Layer.Layer<Selector> => {
  const counting = {
    ...(objectives === undefined ? {} : { objectives }),
    ...(accept === undefined ? {} : { accept: rules[accept] })
  }
  switch (name) {
    case "validation-gate":
      return ValidationGate.layer(counting)
    case "latest":
      return Latest.layer
    case "pareto":
      return Pareto.layer(objectives === undefined ? {} : { by: "both", objectives })
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

/** Whether it takes a new prompt by a rule that can be chosen: a front keeps what is best at something, `latest` all. */
export const hasRule = (name: Name): boolean => name !== "latest" && name !== "pareto"

/** Whether it keeps several candidates, so that several can be extended. */
export const keepsSeveral = (name: Name): boolean => name !== "latest" && name !== "validation-gate"
