/**
 * Which of the criticised parameters may change in a step: all, or one at a time (coordinate descent), so that a change
 * of the score can be told to come of one change.
 */

import * as GradientMap from "../autograd/GradientMap.ts"
import { rounding } from "../candidate/standings.ts"
import type * as Parameters from "../parameter/Parameters.ts"

/**
 * `all`; `roundRobin`: the one whose turn it is, in the order of the parameters; `mostBlamed`: the one with the most and
 * worst criticism, in turn where several are blamed alike.
 */
export type ParameterChoice = "all" | "roundRobin" | "mostBlamed"

/** How much is held against a parameter: each piece of criticism by its weight, and the less the better its score was. */
export const blame = (gradients: GradientMap.GradientMap, { variable }: Parameters.Entry): number =>
  GradientMap.criticism(gradients, variable).reduce(
    (sum, { score = 0, weight = 1 }) => sum + weight * Math.max(0, 1 - score),
    0
  )

/**
 * Those of the criticised that may change. `turn`: how many proposals were asked for before; each goes on to the next
 * parameter.
 */
export const choose = (
  choice: ParameterChoice,
  {
    all,
    criticised,
    gradients,
    turn
  }: {
    readonly all: ReadonlyArray<Parameters.Entry>
    readonly criticised: ReadonlyArray<Parameters.Entry>
    readonly gradients: GradientMap.GradientMap
    readonly turn: number
  }
): ReadonlyArray<Parameters.Entry> => {
  if (choice === "all" || criticised.length < 2) return criticised
  const most = Math.max(...criticised.map((entry) => blame(gradients, entry)))
  const eligible =
    choice === "roundRobin" ? criticised : criticised.filter((entry) => blame(gradients, entry) >= most - rounding)
  // over all of them, so that everyone's turn comes, whoever else was criticised
  const names = all.map(({ name }) => name)
  const wait = ({ name }: Parameters.Entry) =>
    (names.indexOf(name) - (turn % names.length) + names.length) % names.length
  return eligible.toSorted((a, b) => wait(a) - wait(b)).slice(0, 1)
}
