/**
 * How the best parameters came about, parameter by parameter: which candidates on the way from the initial ones changed
 * it, in which step, for which reason. A fold of the events of a run.
 */
import type { Event } from "@backprose/core"

/** A candidate on the way that changed the parameter. */
export interface Change {
  readonly step: number
  readonly candidate: number
  readonly parent: number
  /** The candidate that the value was taken from, where two were merged. */
  readonly mergedWith?: number
  readonly before: unknown
  readonly after: unknown
  /** What was changed, as its author says; empty where nothing was said. */
  readonly reason: string
  /** The mean of the candidate on the validation set, where it was validated. */
  readonly validation?: number
  /** Why it was kept. */
  readonly kept?: string
}

type Proposed = Extract<Event.Event, { readonly _tag: "Proposed" }>

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The changes of a parameter on the way to a candidate, oldest first. */
export const of = (events: ReadonlyArray<Event.Event>, candidate: number, parameter: string): ReadonlyArray<Change> => {
  const proposed = new Map<number, Proposed>()
  const means = new Map<number, number>()
  const kept = new Map<number, string>()
  for (const event of events) {
    if (event._tag === "Proposed") proposed.set(event.candidate, event)
    if (event._tag === "Evaluated" && event.split === "validation") means.set(event.candidate, event.summary.mean)
    if (event._tag === "Accepted") kept.set(event.candidate, event.reason)
  }
  const found: Array<Change> = []
  const seen = new Set<number>()
  let at = proposed.get(candidate)
  while (at !== undefined && !seen.has(at.candidate)) {
    seen.add(at.candidate)
    const change = at.changes.find((one) => one.parameter === parameter)
    if (change === undefined) {
      at = proposed.get(at.parent)
      continue
    }
    const { candidate: id, mergedWith, parent, step } = at
    const [mean, reason] = [means.get(id), kept.get(id)]
    found.push({
      step,
      candidate: id,
      parent,
      ...(mergedWith === undefined ? {} : { mergedWith }),
      before: change.before,
      after: change.after,
      reason: change.reason,
      ...(mean === undefined ? {} : { validation: mean }),
      ...(reason === undefined ? {} : { kept: reason })
    })
    // a merge took the value as it was there: that is where it came about
    const source = mergedWith === undefined ? undefined : proposed.get(mergedWith)
    at =
      source !== undefined && same(valueIn(proposed, source, parameter), change.after) ? source : proposed.get(parent)
  }
  return found.reverse()
}

/** The value that a candidate has: of the last on its way that changed it. */
const valueIn = (proposed: ReadonlyMap<number, Proposed>, from: Proposed, parameter: string): unknown => {
  const seen = new Set<number>()
  for (let at: Proposed | undefined = from; at !== undefined && !seen.has(at.candidate); at = proposed.get(at.parent)) {
    seen.add(at.candidate)
    const change = at.changes.find((one) => one.parameter === parameter)
    if (change !== undefined) return change.after
  }
  return undefined
}
