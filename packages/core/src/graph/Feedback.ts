/**
 * What flows backwards: one piece of criticism on one variable.
 */
import * as Schema from "effect/Schema"

/** "This output is itself the judgement: make it better." The seed of a backward pass, told apart by type, not by text. */
export const Objective = Schema.Struct({ _tag: Schema.tag("Objective") })
export type Objective = typeof Objective.Type

/** Criticism in words of one variable. */
export const Criticism = Schema.Struct({
  _tag: Schema.tag("Criticism"),
  text: Schema.String,
  /** The role of the value or operation that gave it. */
  from: Schema.String,
  /** How good the criticised value was, 0 to 1, where that is known. */
  score: Schema.optionalKey(Schema.Finite),
  /** The case that shows it: what was asked and what came of it, in short. */
  evidence: Schema.optionalKey(Schema.String)
})
export type Criticism = typeof Criticism.Type

export const Feedback = Schema.Union([Objective, Criticism])
export type Feedback = typeof Feedback.Type

export const objective: Feedback = { _tag: "Objective" }

export const make = (
  text: string,
  fields: { readonly from: string; readonly score?: number | undefined; readonly evidence?: string | undefined }
): Criticism => ({
  _tag: "Criticism",
  text,
  from: fields.from,
  ...(fields.score === undefined ? {} : { score: fields.score }),
  ...(fields.evidence === undefined ? {} : { evidence: fields.evidence })
})

export const isCriticism = (feedback: Feedback): feedback is Criticism => feedback._tag === "Criticism"
