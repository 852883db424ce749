/**
 * Parameters with what is known of them: their values, their scores and where they came from. Plain data.
 */
import * as Schema from "effect/Schema"
import { Measured } from "./Objectives.ts"

/** What a candidate was made from. */
export const Evidence = Schema.Struct({
  /** The minibatch, as places in the training set. */
  examples: Schema.Array(Schema.Int),
  /** What the backward pass said of its parent, by parameter; empty where the optimizer reads no gradients. */
  feedback: Schema.Record(Schema.String, Schema.Array(Schema.String))
})
export type Evidence = typeof Evidence.Type

export const Candidate = Schema.Struct({
  /** Counted from 0, the seed. */
  id: Schema.Int,
  parent: Schema.optionalKey(Schema.Int),
  /** The other parent, where two were merged. */
  mergedWith: Schema.optionalKey(Schema.Int),
  /** The step that made it; 0 for the seed. */
  step: Schema.Int,
  /** Values by parameter name, as JSON. */
  values: Schema.Record(Schema.String, Schema.Json),
  /** Scores on the validation set, in its order, where it was evaluated. An example that failed has none. */
  scores: Schema.optionalKey(Schema.Array(Schema.NullOr(Schema.Finite))),
  /** The places in the validation set that got no answer from the provider: no fault of the candidate's. */
  unanswered: Schema.optionalKey(Schema.Array(Schema.Int)),
  /** What it was measured by beside its scores. */
  objectives: Schema.optionalKey(Measured),
  /** The seed has none. */
  evidence: Schema.optionalKey(Evidence),
  /** What the gates made of it: whether it was kept, and why. The seed has none. */
  verdict: Schema.optionalKey(Schema.Struct({ kept: Schema.Boolean, reason: Schema.String }))
})
export type Candidate = typeof Candidate.Type

/** The mean validation score; `undefined` where it was not evaluated. */
export const mean = ({ scores }: Candidate): number | undefined => {
  const known = scores?.filter((score) => score !== null)
  return known === undefined || known.length === 0
    ? undefined
    : known.reduce((sum, score) => sum + score, 0) / known.length
}

/** Whether so many of a set are too few to stand for all of it. */
export const tooFew = (ran: number, of: number): boolean => 2 * ran < of

/** Two candidates on the same validation examples: those that ran for the first and were answered for the second. */
export interface Comparison {
  readonly before: number
  /** What failed for the second counts as wrong here: what it was worth nobody knows, and it may be its own fault. */
  readonly after: number
  readonly n: number
  /** How many of them failed for the second. */
  readonly failed: number
  /** How many more ran for the first, and got no answer for the second: they are compared in neither. */
  readonly unanswered: number
}

/**
 * A comparison that is fair where examples failed: means over different examples say nothing of each other. `undefined`
 * where no example ran for both.
 */
export const compare = (first: Candidate, second: Candidate): Comparison | undefined => {
  const lost = new Set(second.unanswered)
  const ran = (first.scores ?? []).flatMap((before, i) =>
    before === null ? [] : [{ before, after: second.scores?.[i] ?? undefined, answered: !lost.has(i) }]
  )
  const pairs = ran.filter(({ after, answered }) => answered || after !== undefined)
  const n = pairs.length
  const failed = pairs.filter(({ after }) => after === undefined).length
  if (failed === n) return undefined
  return {
    before: pairs.reduce((sum, { before }) => sum + before, 0) / n,
    after: pairs.reduce((sum, { after }) => sum + (after ?? 0), 0) / n,
    n,
    failed,
    unanswered: ran.length - n
  }
}
