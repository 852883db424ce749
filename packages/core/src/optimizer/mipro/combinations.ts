/**
 * Versions of several parameters as combinations that can be searched: which were tried together, with what score, and
 * which is worth a trial next.
 */
import type * as Parameters from "../../parameter/Parameters.ts"
import type { ProposalRequest } from "../Optimizer.ts"
import * as Tpe from "../Tpe.ts"

type Values = ReadonlyMap<string, unknown>

interface Tried {
  /** One a parameter, in the order of the entries. */
  readonly values: ReadonlyArray<unknown>
  readonly score: number | undefined
}

// texts and demonstrations are JSON as they are
const keyOf = (value: unknown): string => JSON.stringify(value)

/**
 * What was tried together. Versions of a parameter are known one by one: where every proposal named all parameters, those at
 * the same place belong together; else (another optimizer took steps too) only what is kept is known as a whole.
 */
const tried = (
  entries: ReadonlyArray<Parameters.Entry>,
  { candidates, earlier }: ProposalRequest
): ReadonlyArray<Tried> => {
  const versions = entries.map(({ name }) => earlier.get(name) ?? [])
  const [first = []] = versions
  if (versions.every(({ length }) => length === first.length)) {
    return first.map(({ score }, i) => ({ values: versions.map((one) => one[i]!.value), score }))
  }
  return candidates.map(({ scores = [], values }) => {
    const known = scores.filter((score) => score !== null)
    const score = known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length
    return { values: entries.map(({ name }) => values[name]), score }
  })
}

/** How many combinations were tried. */
export const count = (entries: ReadonlyArray<Parameters.Entry>, request: ProposalRequest): number =>
  tried(entries, request).length

/** The next combination of versions that are all known, but not together; `undefined` where all were tried together. */
export const next = (
  entries: ReadonlyArray<Parameters.Entry>,
  request: ProposalRequest,
  random: () => number,
  options: Partial<Tpe.Options>
): Values | undefined => {
  const all = tried(entries, request)
  const choices = entries.map(({ name, variable }, i) => {
    const known = [
      ...all.map(({ values }) => values[i]),
      ...(request.earlier.get(name) ?? []).map(({ value }) => value)
    ]
    return [...new Map([...known, variable.value].map((value) => [keyOf(value), value]))]
  })
  const scores = all.flatMap(({ score }) => (score === undefined ? [] : [score]))
  // what was turned away before it was evaluated is as bad as anything known
  const worst = scores.length === 0 ? 0 : Math.min(...scores)
  const trials = all.map(({ score, values }) => ({
    point: values.map((value, i) => choices[i]!.findIndex(([key]) => key === keyOf(value))),
    score: score ?? worst
  }))
  const point = Tpe.next(
    choices.map(({ length }) => length),
    trials,
    random,
    options
  )
  return point === undefined ? undefined : new Map(entries.map(({ name }, i) => [name, choices[i]![point[i]!]![1]]))
}
