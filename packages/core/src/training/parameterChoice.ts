/**
 * Which of the criticised parameters may change in a step: all, or one at a time (coordinate descent), so that a change
 * of the score can be told to come of one change.
 */

import * as GradientMap from "../autograd/GradientMap.ts"
import { rounding } from "../candidate/standings.ts"
import * as Observation from "../optimizer/Observation.ts"
import type { Evidence } from "../optimizer/Optimizer.ts"
import type * as Parameters from "../parameter/Parameters.ts"

/**
 * `all`; `roundRobin`: the one whose turn it is of those that are to blame, in the order of the parameters; `mostBlamed`:
 * the one with the most and worst criticism, or for an optimizer without gradients in the most and worst examples; in
 * turn where several are blamed alike.
 */
export type ParameterChoice = "all" | "roundRobin" | "mostBlamed"

/** How much is held against a parameter: each piece of criticism by its weight, and the less the better its score was. */
export const blame = (gradients: GradientMap.GradientMap, { variable }: Parameters.Entry): number =>
  GradientMap.criticism(gradients, variable).reduce(
    (sum, { score = 0, weight = 1 }) => sum + weight * Math.max(0, 1 - score),
    0
  )

/** The same where there are no gradients: how far the examples that used it fell short. */
export const shortfall = (evidence: ReadonlyArray<Evidence>, { name }: Parameters.Entry): number =>
  evidence.reduce((sum, one) => sum + (Observation.of(one, name).length === 0 ? 0 : Math.max(0, 1 - one.score)), 0)

/**
 * Those of the criticised that may change. `turn`: how many proposals were asked for before; each goes on to the next
 * parameter that is to blame, as the others would not be changed, and the minibatch would be paid for nothing.
 */
export const choose = (
  choice: ParameterChoice,
  {
    all,
    criticised,
    blame,
    turn
  }: {
    readonly all: ReadonlyArray<Parameters.Entry>
    readonly criticised: ReadonlyArray<Parameters.Entry>
    readonly blame: (entry: Parameters.Entry) => number
    readonly turn: number
  }
): ReadonlyArray<Parameters.Entry> => {
  if (choice === "all" || criticised.length < 2) return criticised
  const blames = criticised.map(blame)
  const most = Math.max(...blames)
  // where nobody is to blame, whoever has something to propose may
  const least = choice === "mostBlamed" ? most - rounding : Math.min(most, rounding)
  const eligible = criticised.filter((_, i) => blames[i]! >= least)
  // over all of them, so that everyone's turn comes, whoever else was criticised
  const names = all.map(({ name }) => name)
  const wait = ({ name }: Parameters.Entry) =>
    (names.indexOf(name) - (turn % names.length) + names.length) % names.length
  return eligible.toSorted((a, b) => wait(a) - wait(b)).slice(0, 1)
}
