/**
 * Which two candidates may be merged, and into what: what each learned since they went apart, together. Pure functions of
 * candidates.
 */
import type { Candidate } from "../candidate/Candidate.ts"
import { paretoFront } from "../candidate/paretoFront.ts"
import { rounding, standings } from "../candidate/standings.ts"

type Values = Candidate["values"]

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Name by name the side that changed since the ancestor; where both did, the first: give the better one first. Merging
 * with itself changes nothing, and what is merged stays so when it is merged again with either side.
 */
export const merged = (ancestor: Values, first: Values, second: Values): Values =>
  Object.fromEntries(
    Object.entries(first).map(([name, value]) => [
      name,
      same(value, ancestor[name]) && name in second ? second[name]! : value
    ])
  )

/** A merge that can be made: whose values, and what came of them. */
export interface Pair {
  readonly ancestor: Candidate
  readonly other: Candidate
  readonly values: Values
}

/** The candidates that one came from, itself not among them. */
const ancestors = (lineage: ReadonlyMap<number, Candidate>, { mergedWith, parent }: Candidate): Set<number> => {
  const found = new Set<number>()
  const open = [parent, mergedWith]
  while (open.length > 0) {
    const id = open.pop()
    const one = id === undefined ? undefined : lineage.get(id)
    if (one === undefined || found.has(one.id)) continue
    found.add(one.id)
    open.push(one.parent, one.mergedWith)
  }
  return found
}

/**
 * The best candidate of the front to merge one of the front with, and the youngest ancestor of both that is no better
 * than either. `undefined` where there is none: one came from the other, they learned nothing different, or what would
 * come of it has been tried.
 */
export const partner = (
  pool: ReadonlyArray<Candidate>,
  one: Candidate,
  all: ReadonlyArray<Candidate>
): Pair | undefined => {
  const lineage = new Map(all.map((candidate) => [candidate.id, candidate]))
  const front = paretoFront(pool.map(({ scores }) => scores ?? [])).map(({ place }) => pool[place]!)
  if (!front.some(({ id }) => id === one.id)) return undefined
  const mine = ancestors(lineage, one)
  const tried = new Set(all.map(({ values }) => JSON.stringify(values)))
  const heights = standings(front)
  const others = front
    .map((candidate, place) => ({ candidate, height: heights[place]! }))
    .filter(({ candidate }) => candidate.id !== one.id && !mine.has(candidate.id))
    .sort((a, b) => b.height - a.height || a.candidate.id - b.candidate.id)
  for (const { candidate: other } of others) {
    const theirs = ancestors(lineage, other)
    if (theirs.has(one.id)) continue
    const shared = [...mine].filter((id) => theirs.has(id)).sort((a, b) => b - a)
    for (const id of shared) {
      const ancestor = lineage.get(id)!
      const [of, ofOne, ofOther] = standings([ancestor, one, other]) as [number, number, number]
      if (ancestor.scores === undefined || of > Math.min(ofOne, ofOther) + rounding) continue
      const oneFirst = ofOne > ofOther + rounding || (ofOne >= ofOther - rounding && one.id < other.id)
      const values = oneFirst
        ? merged(ancestor.values, one.values, other.values)
        : merged(ancestor.values, other.values, one.values)
      if (!tried.has(JSON.stringify(values))) return { ancestor, other, values }
    }
  }
  return undefined
}
