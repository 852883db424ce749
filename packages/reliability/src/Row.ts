/**
 * A promise as something that can be measured: what is wanted, and how to find out whether it holds.
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** What a measurement found. */
export interface Measured {
  /** In the words of `wanted`: "450/450", "0 of 6", "37 ms". */
  readonly figure: string
  /** All that was wanted but times. */
  readonly held: boolean
  /**
   * What was right and took longer than wanted. A promise with times holds only without it; a run of the tests, on a machine
   * that may do anything else, prints it and does not fail.
   */
  readonly late?: ReadonlyArray<string>
  /** What failed, for whoever has to find out why: seeds, places. Printed where the promise did not hold. */
  readonly details?: ReadonlyArray<string>
}

/** Whether anything took longer than wanted. */
export const isLate = ({ late = [] }: Measured): boolean => late.length > 0

/** Not measured here, and why. It counts as neither held nor broken, and is always printed. */
export interface Skipped {
  readonly skipped: string
}

/** One line of the table of promises. Its id is that of the tables in docs/reliability.md. */
export interface Row {
  readonly id: string
  readonly title: string
  readonly wanted: string
  /** `fast` rows are part of every test run; `deep` ones take longer and run before a release. */
  readonly speed: "fast" | "deep"
  readonly measure: Effect.Effect<Measured | Skipped, unknown, Scope.Scope>
}
