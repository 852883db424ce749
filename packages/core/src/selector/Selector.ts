/**
 * Who decides what is kept and what is extended next. Strategies are layers.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"

/** The candidates that are kept, oldest first; never empty. */
export type Pool = readonly [Candidate, ...ReadonlyArray<Candidate>]

/** What became of a proposed candidate, and of the pool. */
export interface Admission {
  readonly accepted: boolean
  /** Why, in words for people. */
  readonly reason: string
  readonly pool: Pool
}

export interface Service {
  /** Whether candidates must be evaluated on the validation set before `admit`. */
  readonly evaluates: boolean
  /** The candidate to extend next. */
  readonly select: (pool: Pool) => Effect.Effect<Candidate>
  /** Keeps or drops a proposed candidate. */
  readonly admit: (pool: Pool, proposed: Candidate) => Effect.Effect<Admission>
  /** The candidate to hand out at the end. */
  readonly best: (pool: Pool) => Candidate
}

export class Selector extends Context.Service<Selector, Service>()("@backprose/core/Selector") {}
