import * as Schema from "effect/Schema"

/** There is no jail for this here, and without one no program is run. */
export class SandboxUnavailable extends Schema.TaggedError<SandboxUnavailable>()("SandboxUnavailable", {
  /** Each jail that was tried, and why it is not to be had. */
  tried: Schema.Array(Schema.Struct({ jail: Schema.String, reason: Schema.String })),
  message: Schema.String
}) {
  /** The next program would have none either. */
  readonly isFatal = true
}
