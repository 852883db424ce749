/**
 * What a journal holds, as plain data: one record a fact, in the order of the facts.
 */
import * as Schema from "effect/Schema"
import { Completion, Usage } from "../model/Completion.ts"
import { Identity } from "../model/ModelIdentity.ts"
import { Request } from "../model/Request.ts"
import { TextModelError } from "../model/TextModelError.ts"

/** The version of this format. A journal of another one is refused, never guessed at. */
export const version = 1

/** A question is told apart by where it was asked, what was asked, and the how-manieth time. */
const question = {
  place: Schema.String,
  /** SHA-256 of the question, see `Key`. */
  key: Schema.String,
  occurrence: Schema.Int,
  /** Milliseconds since 1970. */
  at: Schema.Finite
}

/** A session begins: the first, or one that resumes. `fingerprint`: what must not differ between them, by name. */
export const Opened = Schema.TaggedStruct("Opened", {
  version: Schema.Literal(version),
  at: Schema.Finite,
  fingerprint: Schema.Record(Schema.String, Schema.String)
})

/** A request goes out. Where nothing follows, the process ended before the reply came: it may have been paid. */
export const Sent = Schema.TaggedStruct("Sent", {
  ...question,
  identity: Schema.optionalKey(Identity),
  request: Request
})

/** An attempt came back without a reply that could be used. `usage`: what it used all the same, where that is known. */
export const Returned = Schema.TaggedStruct("Returned", {
  ...question,
  error: Schema.String,
  usage: Schema.optionalKey(Usage)
})

/** The reply. On the disk before anything uses it. */
export const Replied = Schema.TaggedStruct("Replied", { ...question, completion: Completion })

/** The call failed for good, and the program went on with that. */
export const Failed = Schema.TaggedStruct("Failed", { ...question, error: TextModelError })

/**
 * It came to no outcome that can be kept: the program stopped waiting for it (another call failed or was faster), or an
 * effect that is no model call failed, or our own budget refused it. Where the run was stopped there, it is asked again.
 */
export const GivenUp = Schema.TaggedStruct("GivenUp", {
  ...question,
  because: Schema.Literals(["interrupted", "failed"])
})

/** The result of an effect that is no model call: a verifier, a sandbox run. */
export const Recorded = Schema.TaggedStruct("Recorded", { ...question, name: Schema.String, value: Schema.Json })

/** A step is complete: all that it asked stands above. */
export const Marked = Schema.TaggedStruct("Marked", { name: Schema.String, at: Schema.Finite })

/** The session ended in order; where it ended with a failure, the failures of its last step are asked again. */
export const Ended = Schema.TaggedStruct("Ended", { failed: Schema.Boolean, at: Schema.Finite })

/** Any fact. */
export const Record = Schema.Union([Opened, Sent, Returned, Replied, Failed, GivenUp, Recorded, Marked, Ended])
export type Record = typeof Record.Type
