/**
 * The events of one step of a log.
 */
import { type Event, Feedback } from "@backprose/core"
import type { Account, Failure } from "./Account.ts"
import * as FeedbackOn from "./Feedback.ts"
import type { Made } from "./Lineage.ts"
import * as Reason from "./Reason.ts"

type Base = Pick<Event.Event, "run" | "step" | "at" | "usage">

/** What events of a moment have in common: a step, a time, and the line of the log up to which replies are counted. */
export type Moment = (step: number, at: number, line: number) => Base

/** A step that set new values. */
export const ofUpdate = (account: Account, made: Made, moment: Moment): ReadonlyArray<Event.Event> => {
  const { candidate, parent, step } = made
  const changed = made.changed.map((one) => ({ ...one, said: FeedbackOn.on(account, one.update) }))
  const [first, end] = [changed[0]!.update, changed.at(-1)!.update]
  const begun = { ...moment(step, first.at, first.asked), candidate: parent }
  const judged = { ...moment(step, end.at, end.line), candidate, parent }
  return [
    { _tag: "StepStarted", ...begun, examples: [] },
    ...changed
      .filter(({ said }) => said.length > 0)
      .map(({ name, said }): Event.Event => {
        const feedback = said.map(({ from, text }) => Feedback.make(text, { from }))
        return { _tag: "FeedbackGiven", ...begun, parameter: name, feedback }
      }),
    {
      _tag: "Proposed",
      ...judged,
      changes: changed.map(({ before, name, said, update }) => ({
        parameter: name,
        before,
        after: update.after,
        reason: Reason.of(update, said)
      }))
    },
    made.undone
      ? { _tag: "Rejected", ...judged, reason: "the program put back what was before" }
      : { _tag: "Accepted", ...judged, reason: "set, nothing was compared" }
  ]
}

/** A step that ended at a reply without a value. `candidate`: what it was to extend. */
export const ofFailure = (
  { at, line, step }: Failure,
  candidate: number,
  moment: Moment
): ReadonlyArray<Event.Event> => [
  { _tag: "StepStarted", ...moment(step, at, line), candidate, examples: [] },
  { _tag: "StepSkipped", ...moment(step, at, line), reason: noValue }
]

/** In words for people. */
export const noValue = "the optimizer's reply held no new value"
