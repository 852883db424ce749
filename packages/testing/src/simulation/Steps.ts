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
        for (const { after, before, parameter } of event.changes) {
          expectSame(`step ${step}: "${parameter}" before`, before, parent[parameter])
          const reply = replies.findLast(({ question }) => question.place === `step ${step} / proposal / ${parameter}`)
          const given = reply === undefined ? undefined : valueIn(reply.text ?? "")
          if (given !== undefined) expectSame(`step ${step}: "${parameter}" after`, after, given)
        }
        const asked = told.flatMap((other) =>
          other._tag === "FeedbackGiven" && other.step === step ? [other.parameter] : []
        )
        for (const parameter of asked) {
          const place = `step ${step} / proposal / ${parameter}`
          if (!replies.some(({ question }) => question.place === place)) {
            found.push(`step ${step} changed something although nothing was proposed for "${parameter}"`)
          }
        }
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

/** The value in a structured proposal; none where the reply is of another shape. */
const valueIn = (text: string): unknown => {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === "object" && json !== null && "value" in json ? json.value : undefined
  } catch {
    return undefined
  }
}
