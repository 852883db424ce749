/** The versions of a text that a run made, with what became of each: its events, read. */
import { mean } from "../candidate/Candidate.ts"
import type { Event } from "./Event.ts"

/** A version of the artefact. */
export interface Version {
  /** Counted from 0, the first. */
  readonly id: number
  readonly value: string
  /** The step that made it; 0 for the first. */
  readonly step: number
  readonly parent: number | undefined
  /** The other one, where two were merged. */
  readonly mergedWith: number | undefined
  /** What is new in it, as its author says. */
  readonly changed: string
  /** On each of what versions are compared on, in its order: 0 to 1, `null` where it failed or was not tried. */
  readonly scores: ReadonlyArray<number | null>
  /** The mean of them, where there is any. */
  readonly score: number | undefined
  /** Whether it was kept. */
  readonly kept: boolean
  /** Why, or why not. */
  readonly reason: string
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

/** The versions after one more event. */
export const after = (versions: ReadonlyArray<Version>, event: Event): ReadonlyArray<Version> => {
  const change = (id: number, to: (version: Version) => Partial<Version>) =>
    versions.map((version) => (version.id === id ? { ...version, ...to(version) } : version))
  switch (event._tag) {
    case "RunStarted":
      return [
        {
          id: 0,
          value: textOf(event.parameters["artefact"]),
          step: 0,
          parent: undefined,
          mergedWith: undefined,
          changed: "",
          scores: Array.from({ length: event.sizes.validation }, () => null),
          score: undefined,
          kept: true,
          reason: "the first"
        }
      ]
    case "Proposed": {
      const [only] = event.changes
      return [
        ...versions,
        {
          id: event.candidate,
          value: textOf(only?.after),
          step: event.step,
          parent: event.parent,
          mergedWith: event.mergedWith,
          changed: only?.reason ?? "",
          scores: (versions[0]?.scores ?? []).map(() => null),
          score: undefined,
          kept: false,
          reason: ""
        }
      ]
    }
    case "ExampleEvaluated": {
      const { candidate, result, split } = event
      if (split !== "validation" || result._tag !== "Scored") return versions
      return change(candidate, ({ scores }) => {
        const now = scores.with(result.index, result.score)
        return { scores: now, score: mean({ id: candidate, step: 0, values: {}, scores: now }) }
      })
    }
    case "Accepted":
    case "Rejected":
      return change(event.candidate, () => ({ kept: event._tag === "Accepted", reason: event.reason }))
    default:
      return versions
  }
}

/** For each place the version that did best there, of equals the first; `undefined` where none has a score. */
export const bestByExample = (versions: ReadonlyArray<Version>): ReadonlyArray<Version | undefined> =>
  (versions[0]?.scores ?? []).map((_, place) =>
    versions.reduce<Version | undefined>((best, version) => {
      const [score, highest] = [version.scores[place], best?.scores[place]]
      return typeof score === "number" && (typeof highest !== "number" || score > highest) ? version : best
    }, undefined)
  )
