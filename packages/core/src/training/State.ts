/** What the parts of a run hand to each other. */
import type * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"
import type { EmptyDataset } from "../evaluation/Evaluation.ts"
import type { BackwardError } from "../graph/BackwardError.ts"
import type { ScoreInvalid } from "../loss/Verdict.ts"
import type { JournalMismatch, JournalUnwritable } from "../model/TextModelError.ts"
import type { Earlier, OptimizerError } from "../optimizer/Optimizer.ts"
import type { Pool } from "../selector/Selector.ts"
import type { Event } from "./Event.ts"

/** An event without what every event has. */
export type Plain<E> = E extends Event ? Omit<E, "run" | "at" | "usage" | "spend"> : never

export type Emit = (event: Plain<Event>) => Effect.Effect<void>

/** What can end a run beside the task's own failures. */
export type TrainingError =
  | ScoreInvalid
  | EmptyDataset
  | BackwardError
  | OptimizerError
  | JournalUnwritable
  | JournalMismatch

export type Failure<E> = E | TrainingError

/** What a run knows between two steps. */
export interface State<P> {
  readonly pool: Pool
  readonly parameters: ReadonlyMap<number, P>
  /** Every candidate so far, oldest first, kept or not; those that were not measured to the end are without scores. */
  readonly lineage: ReadonlyArray<Candidate>
  /** Every version tried, by parameter, oldest first. */
  readonly tried: ReadonlyMap<string, ReadonlyArray<Earlier>>
  /**
   * What the whole validation set has judged, or would have: values as `keyOf` says, with the step that tried them. The
   * same again would be judged the same, or by luck.
   */
  readonly judged: ReadonlyMap<string, number>
  readonly next: number
  readonly idle: number
}

/** Values as a key. */
export const keyOf = (values: Candidate["values"]): string => JSON.stringify(values)

/** Whether a candidate was measured on all of the validation set, as far as that is its own doing. */
export const isMeasured = ({ scores, unanswered = [] }: Candidate): boolean =>
  scores !== undefined && unanswered.length === 0

/** The versions tried, and one more of each of these parameters. */
export const withTried = (
  tried: State<unknown>["tried"],
  values: ReadonlyMap<string, unknown>,
  { score, rejected }: Pick<Earlier, "score" | "rejected">
): State<unknown>["tried"] => {
  const next = new Map(tried)
  for (const [name, value] of values) {
    next.set(name, [...(tried.get(name) ?? []), { value, score, feedback: [], rejected }])
  }
  return next
}
