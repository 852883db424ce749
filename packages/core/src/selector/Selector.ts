/**
 * Who decides what is kept and what is extended next. Strategies are layers.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Candidate } from "../candidate/Candidate.ts"
import type { Weights } from "../candidate/Objectives.ts"

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
  /**
   * What it goes by, where that is more than the score. Then a perfect score is no end, since what costs less may be found,
   * and whoever proposes is told what counts.
   */
  readonly objectives?: Weights | undefined
  /** The candidate to extend next. */
  readonly select: (pool: Pool) => Effect.Effect<Candidate>
  /** Several to extend at once, each once. Without it `select` is asked so often, and may name one twice. */
  readonly selectMany?: ((pool: Pool, count: number) => Effect.Effect<ReadonlyArray<Candidate>>) | undefined
  /** Keeps or drops a proposed candidate. It decides by what it is given and remembers nothing: it is also asked what if. */
  readonly admit: (pool: Pool, proposed: Candidate) => Effect.Effect<Admission>
  /**
   * Whether a candidate might be admitted whose unknown scores are given at their best. Without it, whether `admit` takes
   * it: right wherever a higher score never turns a yes into a no.
   */
  readonly mayAdmit?: ((pool: Pool, atBest: Candidate) => Effect.Effect<boolean>) | undefined
  /** The candidate to hand out at the end. */
  readonly best: (pool: Pool) => Candidate
}

export class Selector extends Context.Service<Selector, Service>()("@backprose/core/Selector") {}
