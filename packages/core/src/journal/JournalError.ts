/** What can go wrong with a journal on disk before a run has begun. */
import * as Schema from "effect/Schema"

/** The file is no journal, was written by another version, or cannot be read. Nothing was changed in it. */
export class JournalUnreadable extends Schema.TaggedError<JournalUnreadable>()("JournalUnreadable", {
  message: Schema.String,
  path: Schema.String,
  /** Counted from 1; absent where no line is to blame. */
  line: Schema.optionalKey(Schema.Int)
}) {}

/** Another process carries this run on just now. */
export class RunLocked extends Schema.TaggedError<RunLocked>()("RunLocked", {
  message: Schema.String,
  /** The lock file. */
  path: Schema.String,
  pid: Schema.Int,
  host: Schema.String
}) {}
