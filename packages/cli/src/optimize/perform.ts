/**
 * A run from its plan to its last line, new or resumed: its folder, its journal, its models, and what is said of it.
 */
import { Journal, type JournalRecord } from "@backprose/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as MutableRef from "effect/MutableRef"
import * as Ref from "effect/Ref"
import { BudgetUsedUp } from "../exit/errors.ts"
import * as Allowance from "../models/Allowance.ts"
import * as Ending from "../report/ending.ts"
import * as estimated from "../report/estimated.ts"
import * as fetching from "../report/fetching.ts"
import * as Figures from "../report/figures.ts"
import * as follow from "../report/follow.ts"
import { invocation } from "../report/invocation.ts"
import * as wayBack from "../report/wayBack.ts"
import * as EventFile from "../run/EventFile.ts"
import * as runJournal from "../run/journal.ts"
import * as RunFolder from "../run/RunFolder.ts"
import * as RunRecord from "../run/RunRecord.ts"
import * as services from "../tasks/services.ts"
import { Screen } from "../terminal/Screen.ts"
import { close, isWorthKeeping, save } from "./close.ts"
import * as estimate from "./estimate.ts"
import * as fingerprint from "./fingerprint.ts"
import { isEvent, type Notice } from "./Notice.ts"
import * as Plan from "./Plan.ts"
import * as session from "./session.ts"

export interface Options {
  /** Of the run, as the user would write it. */
  readonly folder: string
  readonly json: boolean
  /** What an earlier session left there; `undefined` starts a new run in a new folder. */
  readonly earlier: RunRecord.RunRecord | undefined
}

/** Ends with the failure of the run, also where that is only its budget. */
export const perform = Effect.fnUntraced(function* (plan: Plan.Plan, { folder: path, json, earlier }: Options) {
  const screen = yield* Screen
  const made = earlier === undefined ? yield* RunFolder.open(path) : undefined
  const now = yield* Clock.currentTimeMillis
  const begun = yield* Plan.record(plan, path, now)
  const record = yield* Ref.make<RunRecord.RunRecord>(
    earlier === undefined
      ? begun
      : {
          ...begun,
          startedAt: earlier.startedAt,
          elapsedMs: earlier.elapsedMs,
          ...(earlier.cached === undefined ? {} : { cached: earlier.cached })
        }
  )
  const policies = {
    concurrency: plan.settings.concurrency,
    allowance: plan.settings,
    cache: plan.settings.cache,
    onFetch: json ? undefined : fetching.watch(screen)
  }

  const ended = (folder: RunFolder.RunFolder) =>
    Effect.fnUntraced(function* (exit: Exit.Exit<unknown, unknown>) {
      yield* screen.redraw("")
      const known = yield* close(folder, record, exit)
      if (known === undefined) return
      if (made !== undefined && !isWorthKeeping(known)) {
        if (known.status === "interrupted") yield* screen.err("  interrupted before the first reply; no run is kept")
      } else if (json) yield* screen.out(RunRecord.line(known))
      else if (known.status === "interrupted" || known.status === "failed") {
        yield* screen.err(`  ${known.status}; what there is of the run: ${invocation()} show ${wayBack.quoted(path)}`)
        yield* screen.err(yield* onward(path, known))
      }
      MutableRef.set(screen.lastWord, "")
    })

  const outcome = yield* Effect.gen(function* () {
    const { history } = yield* Journal.Journal
    const folder = made ?? (yield* RunFolder.reopen(path, openStep(history.records)))
    if (made !== undefined) yield* save(folder, record)
    MutableRef.set(screen.lastWord, yield* onward(path, { ...begun, status: "stopped" }))
    if (!json) {
      const guess = earlier === undefined ? yield* estimate.of(plan) : undefined
      const more = guess === undefined ? [] : estimated.lines(guess, plan.settings, screen.errStyle)
      yield* follow.opening(yield* Ref.get(record), path, more)
      if (earlier !== undefined) yield* screen.err(resuming(history.records))
    }
    yield* Effect.gen(function* () {
      const show = json
        ? (notice: Notice) => (isEvent(notice) ? screen.out(EventFile.line(notice)) : Effect.void)
        : yield* follow.start(yield* Ref.get(record))
      yield* session.run(plan, folder, record, show)
    }).pipe(
      Effect.scoped,
      // saved before the models are let go of, which may take its time; and where they cannot even be had
      Effect.onExit(ended(folder)),
      Effect.provide(session.strategies(plan.settings)),
      Effect.provide(services.of(plan.choice, policies)),
      Effect.onExit(ended(folder))
    )
  }).pipe(
    // outside of the models, which ask it as they are built
    Effect.provide(runJournal.layer(path, fingerprint.of(plan))),
    Effect.onExit(() =>
      Effect.flatMap(Ref.get(record), (known) =>
        made === undefined || (known.status !== "running" && isWorthKeeping(known)) ? Effect.void : made.discard
      )
    ),
    Effect.exit
  )
  const known = yield* Ref.get(record)
  if (!json && (known.status === "finished" || known.status === "budget")) {
    const columns = yield* screen.outColumns
    const again = yield* wayBack.command(path, known)
    const lines = Ending.lines(known, { folder: path, resume: again }, { style: screen.outStyle, columns })
    for (const line of ["", ...lines]) yield* screen.out(line)
  }
  if (known.status === "budget") {
    return yield* new BudgetUsedUp({
      message: `the budget of ${Allowance.words(plan.settings)} is used up; the best so far is in ${path}/${RunFolder.files.parameters}`
    })
  }
  return yield* outcome
}, Effect.scoped)

/** The first step that is not complete in a journal: it may go otherwise now, where a failure or the disk took replies. */
const openStep = (records: ReadonlyArray<JournalRecord.Record>): number => {
  const steps = records.flatMap((record) =>
    record._tag === "Marked" ? [Number(/^step (\d+)$/.exec(record.name)?.[1] ?? -1)] : []
  )
  return Math.max(-1, ...steps) + 1
}

const onward = (path: string, record: RunRecord.RunRecord) =>
  Effect.map(wayBack.command(path, record), (again) => (again === undefined ? "" : `  go on with: ${again}`))

const resuming = (records: ReadonlyArray<JournalRecord.Record>): string => {
  const replies = records.filter(({ _tag }) => _tag === "Replied").length
  return `  resuming: ${Figures.of(replies, "reply", "replies")} from the journal`
}
