/**
 * How a run's folder and journal are left when the run ends, in whatever way.
 */
import { Journal, type TextModelError } from "@backprose/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Ref from "effect/Ref"
import { describe } from "../exit/describe.ts"
import type { RunFolderUnusable } from "../exit/errors.ts"
import type { RunFolder } from "../run/RunFolder.ts"
import type { RunRecord } from "../run/RunRecord.ts"

/** Writes what is known now. */
export const save = Effect.fnUntraced(function* (folder: RunFolder, record: Ref.Ref<RunRecord>) {
  const known = yield* Ref.get(record)
  yield* folder.saveParameters(known.best)
  yield* folder.saveRecord(known)
})

/**
 * Brings the record to its end and saves it, and ends the journal. Gives the record where this is the end of the run, and
 * nothing where it had been closed before, or is not the run that is kept there.
 */
export const close = Effect.fnUntraced(function* (
  folder: RunFolder,
  record: Ref.Ref<RunRecord>,
  exit: Exit.Exit<unknown, unknown>
): Effect.fn.Return<RunRecord | undefined, RunFolderUnusable | TextModelError.JournalUnwritable> {
  if ((yield* Ref.get(record)).status !== "running") return undefined
  const journal = yield* Journal.Journal
  const ended = endOf(yield* Ref.get(record), exit)
  const known = yield* Ref.updateAndGet(record, (known): RunRecord => ({ ...known, ...ended }))
  // a run that is no longer itself leaves everything as it was
  if (tagOf(exit) === "JournalMismatch") return undefined
  if (!isWorthKeeping(known) && !journal.history.resumed) return known
  // so does, in its folder, one that ended again before it came to where it had been
  if (yield* folder.caughtUp) yield* save(folder, record)
  // an interrupt is no end: the failures that the run went on with must be met again
  if (known.status !== "interrupted") yield* journal.end(known.status !== "finished")
  return known
})

/** Whether a run got far enough for anyone to look at it again. */
export const isWorthKeeping = ({ cached = 0, usage, status }: RunRecord): boolean =>
  usage.calls > 0 || cached > 0 || status === "budget"

const tagOf = (exit: Exit.Exit<unknown, unknown>): unknown => {
  const error = Exit.isSuccess(exit) ? undefined : behind(Cause.squash(exit.cause))
  return typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined
}

/** What lies behind the failure of a step. */
const behind = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "reason" in error ? behind(error.reason) : error

const endOf = (known: RunRecord, exit: Exit.Exit<unknown, unknown>): Pick<RunRecord, "status" | "error"> => {
  if (Exit.isSuccess(exit)) return { status: known.stopped === "budget" ? "budget" : "finished" }
  if (Cause.hasInterruptsOnly(exit.cause)) return { status: "interrupted" }
  return tagOf(exit) === "BudgetExceeded"
    ? { status: "budget" }
    : { status: "failed", error: describe(Cause.squash(exit.cause)) }
}
