/**
 * Where candidates stand among each other: numbers that compare, although not every example ran for each of them.
 */
import type { Candidate } from "./Candidate.ts"
import { type Cost, costly, doublings, scoreOnly, type Weights, worth } from "./Objectives.ts"

/**
 * A number for each candidate, higher is better: with the score alone, its mean over the validation set. An example that
 * failed counts as wrong; one that got no answer counts as the lowest that any of the others got there, so that nobody
 * gains by it. A cost that is not known counts as the highest that is.
 */
export const standings = (
  candidates: ReadonlyArray<Candidate>,
  weights: Weights = scoreOnly
): ReadonlyArray<number> => {
  const size = candidates.reduce((most, { scores }) => Math.max(most, scores?.length ?? 0), 0)
  const means = candidates.map(({ scores = [], unanswered = [] }) => {
    let total = 0
    for (const score of scores) total += score ?? 0
    for (const place of unanswered) if (scores[place] === null) total += lowest(candidates, place)
    return size === 0 ? 0 : total / size
  })
  const highest = (objective: Cost) =>
    candidates.reduce((most, { objectives }) => Math.max(most, objectives?.[objective] ?? 0), 0)
  const counted = costly(weights)
  const unknown = new Map(counted.map((objective) => [objective, highest(objective)]))
  return candidates.map(({ objectives }, i) =>
    counted.reduce(
      (sum, objective) =>
        sum - worth(weights, objective) * doublings(objectives?.[objective] ?? unknown.get(objective) ?? 0),
      worth(weights, "score") * means[i]!
    )
  )
}

/** The lowest score on an example among those that were answered there; of none, nothing. */
const lowest = (candidates: ReadonlyArray<Candidate>, place: number): number => {
  const known = candidates.flatMap(({ scores, unanswered }) =>
    scores === undefined || unanswered?.includes(place) === true ? [] : [scores[place] ?? 0]
  )
  return known.length === 0 ? 0 : Math.min(...known)
}

/** Equal scores in another order may add up to sums that differ in the last digit. */
export const rounding = 1e-9

/** The place of the highest; of equals, of the first: what was there before needs no proof. */
export const first = (standings: ReadonlyArray<number>): number =>
  standings.reduce((best, standing, place) => (standing > standings[best]! + rounding ? place : best), 0)

/** The place of the lowest but one that is spared; of equals, of the last. */
export const last = (standings: ReadonlyArray<number>, spared: number): number =>
  standings.reduce(
    (worst, standing, place) =>
      place === spared || (worst !== spared && standing > standings[worst]! + rounding) ? worst : place,
    spared
  )
