import * as Schema from "effect/Schema"

/** The native engine cannot be used here: it is not installed, has no build for this machine, or refused the file. */
export class EngineUnavailable extends Schema.TaggedError<EngineUnavailable>()("EngineUnavailable", {
  /** What failed, and what to do about it. */
  message: Schema.String
}) {}
