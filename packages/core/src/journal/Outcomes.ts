/**
 * What a journal knows of the questions that a run asks: which were answered before, and whether the run is still the one
 * that asked them.
 */
import type { Record } from "./Record.ts"

type Outcome = Extract<Record, { readonly _tag: "Replied" | "Failed" | "GivenUp" | "Recorded" }>

const isOutcome = (record: Record): record is Outcome =>
  record._tag === "Replied" || record._tag === "Failed" || record._tag === "GivenUp" || record._tag === "Recorded"

/** The answer to a question, where there is one; or why there should have been. */
export interface Found {
  /** How many times it was asked here before, in this session. */
  readonly occurrence: number
  readonly outcome: Outcome | undefined
  readonly unexpected: string | undefined
}

/** What a mark means: a step that was complete before (`replayed`), or not the step that should have ended here. */
export interface Passed {
  readonly replayed: boolean
  readonly unexpected: string | undefined
}

export interface Outcomes {
  /** How many questions were answered so far in this session. */
  readonly answered: () => number
  /** Asks a question once more. */
  readonly next: (place: string, key: string) => Found
  /** Ends a step. */
  readonly mark: (name: string) => Passed
}

const changedSince = "its code or task has changed since"

export const of = (records: ReadonlyArray<Record>): Outcomes => {
  const marks = records.flatMap((record) => (record._tag === "Marked" ? [record.name] : []))
  const complete = records.findLastIndex(({ _tag }) => _tag === "Marked")
  // a run that failed is resumed because the cause is gone: what failed in its last step is asked again
  const failure = records.findLastIndex((record) => record._tag === "Ended" && record.failed)
  const answers = new Map<string, Map<number, Outcome>>()
  /** Answers of the last step, which was not complete: each belongs to a question that must come again. */
  const open = new Set<Outcome>()
  for (const [i, record] of records.entries()) {
    if (!isOutcome(record) || (record._tag === "Failed" && i > complete && i < failure)) continue
    // what the run did not wait for in a step that it did not finish is asked again
    if (record._tag === "GivenUp" && i > complete) continue
    const question = questionOf(record.place, record.key)
    const known = answers.get(question) ?? new Map<number, Outcome>()
    answers.set(question, known.set(record.occurrence, record))
    // what is asked again may come out otherwise, and the step then take another course
    if (i > complete && failure <= complete) open.add(record)
  }
  const asked = new Map<string, number>()
  /** Where something was asked in the step under way that was never asked before. */
  const novel = new Set<string>()
  let passed = 0
  let answered = 0
  return {
    answered: () => answered,
    next: (place, key) => {
      const question = questionOf(place, key)
      const occurrence = asked.get(question) ?? 0
      asked.set(question, occurrence + 1)
      const outcome = answers.get(question)?.get(occurrence)
      if (outcome === undefined) novel.add(place)
      else {
        open.delete(outcome)
        answered += 1
      }
      const step = marks[passed]
      const unexpected =
        outcome === undefined && step !== undefined
          ? `in "${step}" the run asks something at "${place}" that it did not ask before: ${changedSince}`
          : undefined
      return { occurrence, outcome, unexpected }
    },
    mark: (name) => {
      const before = marks[passed]
      passed += 1
      const instead = new Set(novel)
      novel.clear()
      if (before !== undefined) {
        const unexpected =
          before === name ? undefined : `the run is at "${name}" where it was at "${before}": ${changedSince}`
        return { replayed: true, unexpected }
      }
      // where nothing else was asked instead, the call was cut short by a failure that this time came sooner
      const lost = [...open].filter(({ place }) => instead.has(place))
      open.clear()
      const unexpected =
        lost[0] === undefined
          ? undefined
          : `${lost.length} replies of "${name}" were not asked for again, the first at "${lost[0].place}": ${changedSince}`
      return { replayed: false, unexpected }
    }
  }
}

const questionOf = (place: string, key: string): string => `${key} ${place}`
