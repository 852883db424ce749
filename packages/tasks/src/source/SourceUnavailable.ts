import * as Schema from "effect/Schema"

/** The bytes of a data set cannot be had, or are not those that were published: what was tried, and what a person can do. */
export class SourceUnavailable extends Schema.TaggedError<SourceUnavailable>()("SourceUnavailable", {
  message: Schema.String,
  /** As it was given: a path, a URL (without its query) or a hub id. */
  source: Schema.String,
  /** One line an attempt: where, and why it failed. */
  tried: Schema.Array(Schema.String)
}) {}

/** @internal What is wrong becomes the message, with the advice where there is one. */
export const because = (source: string, reason: string, advice?: string): SourceUnavailable =>
  new SourceUnavailable({
    source,
    tried: [reason],
    message: `${source} cannot be read: ${reason}${advice === undefined ? "" : `. ${advice}`}`
  })
