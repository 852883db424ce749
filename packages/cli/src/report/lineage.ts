/**
 * How the best parameters came about, parameter by parameter: which candidates on the way from the initial ones changed
 * it, in which step, for which reason. A fold of the events of a run.
 */
import { type Event, Patch } from "@backprose/core"

/** A candidate on the way that changed the parameter. */
export interface Change {
  readonly step: number
  readonly candidate: number
  readonly parent: number
  /** The candidate that the value was taken from, where two were merged. */
  readonly mergedWith?: number
  readonly before: unknown
  readonly after: unknown
  /** How the one became the other, where both are texts. */
  readonly patch?: Patch.Patch
  /** The minibatch that it was made from, as places in the training set. */
  readonly examples: ReadonlyArray<number>
  /** What the backward pass said of the parameter before. */
  readonly feedback: ReadonlyArray<string>
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
  const examples = new Map<string, ReadonlyArray<number>>()
  const feedback = new Map<string, ReadonlyArray<string>>()
  for (const event of events) {
    if (event._tag === "StepStarted") examples.set(extension(event.step, event.candidate), event.examples)
    if (event._tag === "FeedbackGiven" && event.parameter === parameter) {
      feedback.set(
        extension(event.step, event.candidate),
        event.feedback.map(({ text }) => text)
      )
    }
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
      ...patched(change.before, change.after),
      examples: examples.get(extension(step, parent)) ?? [],
      feedback: feedback.get(extension(step, parent)) ?? [],
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

/** A step may extend several candidates. */
const extension = (step: number, candidate: number): string => `${step}/${candidate}`

const patched = (before: unknown, after: unknown): { readonly patch?: Patch.Patch } =>
  typeof before === "string" && typeof after === "string" ? { patch: Patch.make(before, after) } : {}

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
