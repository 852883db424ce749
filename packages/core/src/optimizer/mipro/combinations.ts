/**
 * Versions of several parameters as combinations that can be searched: which were tried together, with what score, and
 * which is worth a trial next.
 */
import { mean } from "../../candidate/Candidate.ts"
import type * as Parameters from "../../parameter/Parameters.ts"
import type { Knowledge } from "../Optimizer.ts"
import * as Tpe from "../Tpe.ts"

/** The next combination of versions that were tried, but not together; `undefined` where all were tried together. */
export const next = (
  entries: ReadonlyArray<Parameters.Entry>,
  { lineage }: Pick<Knowledge, "lineage">,
  random: () => number,
  options: Partial<Tpe.Options>
): ReadonlyMap<string, unknown> | undefined => {
  // texts and demonstrations are JSON as they are
  const choices = entries.map(({ name, variable }) => {
    const known = [...lineage.map(({ values }) => values[name]), variable.value]
    return [...new Map(known.map((value) => [JSON.stringify(value), value]))]
  })
  const means = lineage.map(mean)
  const worst = Math.min(...means.filter((score) => score !== undefined))
  const trials = lineage.map(({ values }, i) => ({
    point: entries.map(({ name }, j) => choices[j]!.findIndex(([key]) => key === JSON.stringify(values[name]))),
    // what was turned away before it was evaluated is as bad as anything known
    score: means[i] ?? (Number.isFinite(worst) ? worst : 0)
  }))
  const sizes = choices.map(({ length }) => length)
  const point = Tpe.next(sizes, trials, random, options)
  return point === undefined ? undefined : new Map(entries.map(({ name }, i) => [name, choices[i]![point[i]!]![1]]))
}
