/**
 * What the events of a run say of its parameters, held against what was proposed, kept and answered.
 */
import type { Event } from "@backprose/core"
import * as Equal from "effect/Equal"
import type { History } from "./History.ts"
import * as Reading from "./Reading.ts"

type Values = { readonly [parameter: string]: unknown }

/** All values that an event tells of, without the reasons of failures, which may quote what was wrong. */
export const values = (event: Event.Event): unknown => {
  switch (event._tag) {
    case "ExampleEvaluated":
      return event.result._tag === "Scored" ? event.result : undefined
    case "StepSkipped":
    case "ProposalDropped":
      return undefined
    default:
      return event
  }
}

/** What is wrong with the steps of a history. */
export const check = (history: History): ReadonlyArray<string> => {
  const sessions = [...new Set(history.map(({ session }) => session))]
  const calls = Reading.calls(history)
  return sessions.flatMap((session) => {
    const told = Reading.all(history, "Happened").flatMap(({ entry, fact }) =>
      entry.session === session ? [fact.event] : []
    )
    const replies = calls.filter((call) => call.session === session && call.outcome === "replied")
    return ofSession(told, replies).map((found) => `session ${session}: ${found}`)
  })
}

const ofSession = (told: ReadonlyArray<Event.Event>, replies: ReadonlyArray<Reading.Call>): ReadonlyArray<string> => {
  const candidates = new Map<number, Values>()
  const found: Array<string> = []
  const expectSame = (what: string, actual: unknown, expected: unknown) => {
    if (!Equal.equals(actual, expected)) {
      found.push(`${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`)
    }
  }
  for (const event of told) {
    const { step } = event
    switch (event._tag) {
      case "RunStarted":
        candidates.set(0, event.parameters)
        break
      case "Proposed": {
        const parent = candidates.get(event.parent) ?? {}
        for (const { before, parameter } of event.changes) {
          expectSame(`step ${step}: "${parameter}" before`, before, parent[parameter])
        }
        const criticised = told.flatMap((other) =>
          other._tag === "FeedbackGiven" && other.step === step && other.candidate === event.parent
            ? [other.parameter]
            : []
        )
        const proposals = proposalsOf(replies, step, event.parent)
        const isOne = proposals.some(
          (values) =>
            criticised.every((parameter) => values.has(parameter)) &&
            event.changes.every(({ after, parameter }) => Equal.equals(values.get(parameter), after))
        )
        if (!isOne) found.push(`candidate ${event.candidate} of step ${step} is none of the proposals that were given`)
        const changes = event.changes.map(({ after, parameter }) => [parameter, after] as const)
        candidates.set(event.candidate, { ...parent, ...Object.fromEntries(changes) })
        break
      }
      case "Checkpointed":
      case "RunFinished":
        expectSame(`${event._tag} of step ${step}`, event.parameters, candidates.get(event.candidate))
        break
    }
  }
  return found
}

/** The values that were replied for each whole proposal on a candidate, by parameter: the last reply counts. */
const proposalsOf = (
  replies: ReadonlyArray<Reading.Call>,
  step: number,
  parent: number
): ReadonlyArray<ReadonlyMap<string, unknown>> => {
  const proposals = new Map<string, Map<string, unknown>>()
  for (const { question, text } of replies) {
    const [, ofParent, sample, parameter] = question.place.match(proposalPlace(step)) ?? []
    if (parameter === undefined || (ofParent !== undefined && Number(ofParent) !== parent)) continue
    const values = proposals.get(sample ?? "") ?? new Map<string, unknown>()
    proposals.set(sample ?? "", values)
    const value = valueIn(text ?? "")
    if (value !== undefined) values.set(parameter, value)
  }
  return [...proposals.values()]
}

const proposalPlace = (step: number): RegExp =>
  new RegExp(`^step ${step}(?: / parent (\\d+))?(?: / sample (\\d+))? / proposal / (.+)$`)

/** The value in a structured proposal; none where the reply is of another shape. */
const valueIn = (text: string): unknown => {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === "object" && json !== null && "value" in json ? json.value : undefined
  } catch {
    return undefined
  }
}
