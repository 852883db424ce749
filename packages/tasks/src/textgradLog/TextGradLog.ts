/**
 * Logs of Python TextGrad: read as they stand, and as a run of ours (`ImportedRun`).
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Account } from "./Account.ts"
import * as Collector from "./Collector.ts"
import * as LogRecord from "./LogRecord.ts"

/**
 * Reads a log by its lines. Fails with `LogInvalid` at the first line that is no record, but for the last one: that of a
 * process that was killed may be cut off, and is left out (`torn`). Records that mean nothing here are kept as `unknown`.
 */
export const read = Effect.fnUntraced(function* <E, R>(
  lines: Stream.Stream<string, E, R>
): Effect.fn.Return<Account, LogRecord.LogInvalid | E, R> {
  const collector = Collector.make()
  const at = { line: 0, invalid: undefined as LogRecord.LogInvalid | undefined }
  yield* Stream.runForEach(lines, (text) => {
    at.line += 1
    if (text.trim() === "") return Effect.void
    // it was not the last one
    if (at.invalid !== undefined) return Effect.fail(at.invalid)
    const record = LogRecord.parse(text, at.line)
    if (Result.isSuccess(record)) collector.add(record.success)
    else at.invalid = record.failure
    return Effect.void
  })
  const account = collector.account(at.invalid?.line)
  if (account !== undefined) return account
  return yield* at.invalid ?? new LogRecord.LogInvalid({ line: 1, problem: "the log is empty" })
})
