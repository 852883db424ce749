/**
 * Where a journal's records are kept: read once when it is opened, then only ever added to.
 */
import * as Effect from "effect/Effect"
import type { JournalUnwritable } from "../model/TextModelError.ts"
import type { Record } from "./Record.ts"

export interface Log {
  /** What was there when the log was opened, in order. */
  readonly records: ReadonlyArray<Record>
  /**
   * Adds a record. `durable`: returns once it would survive a power cut; else once it would survive the process. After a
   * failure nothing more is ever added.
   */
  readonly append: (record: Record, durable: boolean) => Effect.Effect<void, JournalUnwritable>
}

/** A log in this process alone: for tests, and for runs that need no more. Give it the records of an earlier one. */
export const memory = (records: Array<Record> = []): Log => ({
  records: [...records],
  append: (record) => Effect.sync(() => void records.push(record))
})
