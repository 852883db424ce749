/**
 * How a run's folder is left when the run ends, in whatever way.
 */
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
 * Brings the record to its end and saves it; a run that never got a reply leaves no folder. Gives the record where this is
 * the end of the run, and nothing where it had been closed before.
 */
export const close = Effect.fnUntraced(function* (
  folder: RunFolder,
  record: Ref.Ref<RunRecord>,
  exit: Exit.Exit<unknown, unknown>
): Effect.fn.Return<RunRecord | undefined, RunFolderUnusable> {
  if ((yield* Ref.get(record)).status !== "running") return undefined
  const known = yield* Ref.updateAndGet(record, (known): RunRecord => ({ ...known, ...statusOf(known, exit) }))
  yield* isWorthKeeping(known) ? save(folder, record) : folder.discard
  return known
})

/** Whether a run got far enough for anyone to look at it again. */
export const isWorthKeeping = ({ usage, status }: RunRecord): boolean => usage.calls > 0 || status === "budget"

const statusOf = (known: RunRecord, exit: Exit.Exit<unknown, unknown>): Pick<RunRecord, "status" | "error"> => {
  if (Exit.isSuccess(exit)) return { status: known.stopped === "budget" ? "budget" : "finished" }
  if (Cause.hasInterruptsOnly(exit.cause)) return { status: "interrupted" }
  const error = Cause.squash(exit.cause)
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined
  return tag === "BudgetExceeded" ? { status: "budget" } : { status: "failed", error: describe(error) }
}
