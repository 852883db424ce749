/**
 * All feedback of one or more backward passes, by variable: a value, and a monoid under `combine`.
 */
import type { Criticism, Feedback } from "../graph/Feedback.ts"
import { isCriticism } from "../graph/Feedback.ts"
import type { Any } from "../graph/Variable.ts"

export interface GradientMap {
  /** The feedback on a variable, in the order of its consumers; empty where it received none. */
  readonly of: (variable: Any) => ReadonlyArray<Feedback>
  /** Every variable that received feedback. Of one pass: inputs before outputs. */
  readonly entries: ReadonlyMap<Any, ReadonlyArray<Feedback>>
}

const nothing: ReadonlyArray<never> = []

/** A map from entries; `Backward.run` makes them for you. For tests and for folds of your own. */
export const make = (entries: ReadonlyMap<Any, ReadonlyArray<Feedback>>): GradientMap => ({
  entries,
  of: (variable) => entries.get(variable) ?? nothing
})

/** No feedback on anything: the neutral element of `combine`. */
export const empty: GradientMap = make(new Map())

/** Left feedback before right feedback, variable by variable. */
export const combine = (self: GradientMap, that: GradientMap): GradientMap => combineAll([self, that])

/** Many maps as one, earlier maps' feedback first. Copies each entry once, so it suits a whole batch. */
export const combineAll = (maps: Iterable<GradientMap>): GradientMap => {
  const all = new Map<Any, Array<Feedback>>()
  for (const map of maps) {
    for (const [variable, feedback] of map.entries) {
      const known = all.get(variable)
      if (known === undefined) all.set(variable, [...feedback])
      else for (const one of feedback) known.push(one)
    }
  }
  return make(all)
}

/** The criticism of a variable: what an optimizer reads. The seed of the pass is not criticism. */
export const criticism = (self: GradientMap, variable: Any): ReadonlyArray<Criticism> =>
  self.of(variable).filter(isCriticism)
