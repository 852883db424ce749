/**
 * A log of TextGrad as a run of ours: the events that its steps would have been. What the log does not tell is not made up,
 * see `Event.Imported`: there are no scores, no examples and no tokens in it.
 */
import { Completion, type Event } from "@backprose/core"
import type { Account } from "./Account.ts"
import * as Lineage from "./Lineage.ts"
import * as stepEvents from "./stepEvents.ts"
import * as Versions from "./Versions.ts"

/** The run, with its ending. */
export interface ImportedRun {
  readonly events: ReadonlyArray<Event.Event>
  readonly imported: Event.Imported
  readonly steps: number
  readonly initial: Lineage.Values
  /** What the program was left with, and its number. */
  readonly last: Lineage.Values
  readonly candidate: number
  /** Replies of models in the log; whether one came from TextGrad's cache, it does not say. */
  readonly calls: number
  /** Where TextGrad failed and nothing came after, in words for people. */
  readonly error?: string
}

/** What a run is called, and what its task is. */
export interface Named {
  readonly run: string
  readonly task: string
}

/** A log as a run; `undefined` where nothing was updated in it. */
export const of = (account: Account, { run, task }: Named): ImportedRun | undefined => {
  const variables = Versions.of(account)
  if (variables.length === 0) return undefined
  const { failed, initial, left, made } = Lineage.of(account, variables)
  const imported: Event.Imported = {
    from: "textgrad",
    unknown: ["tokens", "examples", "seed", "models"],
    shortened: variables.filter(({ isWhole }) => !isWhole).map(({ name }) => name)
  }
  // a forward call is logged when it is answered, one with images without its reply
  const replies = account.calls.filter(
    ({ kind, response }) => kind === "forward" || (kind !== "function" && response !== undefined)
  )
  const moment: stepEvents.Moment = (step, at, line) => ({
    run,
    step,
    at,
    usage: { ...Completion.noUsage, calls: replies.findLastIndex((reply) => reply.line <= line) + 1 }
  })
  const steps = made.length + failed.length
  const last = made[left - 1]?.values ?? initial
  const failure = failed.find(({ line }) => line === account.lastLine)
  const end = { ...moment(steps, account.endedAt, account.lastLine), candidate: left, parameters: last }
  const start: Event.Event = {
    _tag: "RunStarted",
    ...moment(0, account.startedAt, 0),
    version: 1,
    task,
    seed: 0,
    steps,
    batchSize: 0,
    sizes: { train: 0, validation: 0, test: 0 },
    parameters: initial,
    imported
  }
  const told = [
    ...made.flatMap((one) => stepEvents.ofUpdate(account, one, moment)),
    ...failed.flatMap((one) =>
      stepEvents.ofFailure(one, made.findLast(({ step }) => step < one.step)?.candidate ?? 0, moment)
    )
  ]
  return {
    events: [
      start,
      ...told.toSorted((a, b) => a.step - b.step),
      { _tag: "Checkpointed", ...end },
      // a run that failed has no last event
      ...(failure === undefined ? [{ _tag: "RunFinished" as const, ...end, stopped: "log" as const }] : [])
    ],
    imported,
    steps,
    initial,
    last,
    candidate: left,
    calls: replies.length,
    ...(failure === undefined
      ? {}
      : { error: `line ${failure.line} of the log: ${stepEvents.noValue} for "${failure.role}"` })
  }
}
