/**
 * What flows backwards: one piece of criticism on one variable.
 */
import * as Schema from "effect/Schema"

/** "This output is itself the judgement: make it better." The seed of a backward pass, told apart by type, not by text. */
export const Objective = Schema.Struct({
  _tag: Schema.tag("Objective"),
  /** How much this judgement counts beside others. Default 1. */
  weight: Schema.optionalKey(Schema.Finite)
})
export type Objective = typeof Objective.Type

/** Criticism in words of one variable. */
export const Criticism = Schema.Struct({
  _tag: Schema.tag("Criticism"),
  text: Schema.String,
  /** The role of the value or operation that gave it. */
  from: Schema.String,
  /** How good the criticised value was, 0 to 1, where that is known. */
  score: Schema.optionalKey(Schema.Finite),
  /** How much it counts beside other feedback. Default 1. */
  weight: Schema.optionalKey(Schema.Finite)
})
export type Criticism = typeof Criticism.Type

export const Feedback = Schema.Union([Objective, Criticism])
export type Feedback = typeof Feedback.Type

/** The seed of a backward pass, with weight 1. */
export const objective: Feedback = { _tag: "Objective" }

/**
 * A piece of criticism. `from`: the role of what gave it; `score`: 0 to 1; `weight`: not negative, 1 where
 * left out.
 */
export const make = (
  text: string,
  fields: { readonly from: string; readonly score?: number | undefined; readonly weight?: number | undefined }
): Criticism => ({
  _tag: "Criticism",
  text,
  from: fields.from,
  ...(fields.score === undefined ? {} : { score: fields.score }),
  ...(fields.weight === undefined ? {} : { weight: fields.weight })
})

/** Whether feedback is criticism in words, and not the seed of the pass. */
export const isCriticism = (feedback: Feedback): feedback is Criticism => feedback._tag === "Criticism"

/** The lowest score among pieces of criticism, where any is known. */
export const worstScore = (criticism: ReadonlyArray<Criticism>): number | undefined => {
  const scores = criticism.flatMap(({ score }) => (score === undefined ? [] : [score]))
  return scores.length === 0 ? undefined : Math.min(...scores)
}
