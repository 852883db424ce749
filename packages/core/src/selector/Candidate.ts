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

/** Two candidates on the validation examples that both have a score for. */
export interface Pair {
  /** The mean of the first over those examples. */
  readonly before: number
  /** The mean of the second over the same. */
  readonly after: number
  /** How many they are, of how many. */
  readonly n: number
  readonly of: number
}

/**
 * A comparison that is fair where an example failed for one of the two: means over different examples say nothing of
 * each other. `undefined` where no example has a score for both.
 */
export const compare = (first: Candidate, second: Candidate): Pair | undefined => {
  const [before, after] = [first.scores ?? [], second.scores ?? []]
  const pairs = before.flatMap((a, i) => {
    const b = after[i]
    return a === null || b === null || b === undefined ? [] : [[a, b] as const]
  })
  const n = pairs.length
  if (n === 0) return undefined
  const [sumBefore, sumAfter] = pairs.reduce(([x, y], [a, b]) => [x + a, y + b] as const, [0, 0] as const)
  return { before: sumBefore / n, after: sumAfter / n, n, of: Math.max(before.length, after.length) }
}
