/**
 * Parameters with what is known of them: their values, their scores and where they came from. Plain data.
 */
import * as Schema from "effect/Schema"

export const Candidate = Schema.Struct({
  /** Counted from 0, the seed. */
  id: Schema.Int,
  parent: Schema.optionalKey(Schema.Int),
  /** The step that made it; 0 for the seed. */
  step: Schema.Int,
  /** Values by parameter name, as JSON. */
  values: Schema.Record(Schema.String, Schema.Json),
  /** Scores on the validation set, in its order, where it was evaluated. An example that failed has none. */
  scores: Schema.optionalKey(Schema.Array(Schema.NullOr(Schema.Finite)))
})
export type Candidate = typeof Candidate.Type

/** The mean validation score; `undefined` where it was not evaluated. */
export const mean = ({ scores }: Candidate): number | undefined => {
  const known = scores?.filter((score) => score !== null)
  return known === undefined || known.length === 0
    ? undefined
    : known.reduce((sum, score) => sum + score, 0) / known.length
}
