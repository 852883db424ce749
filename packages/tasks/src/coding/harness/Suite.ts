/** A solution with the tests that it is to pass, and the marks by which a program of tests says what became of them. */
import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import type { Problem } from "../../format/Problem.ts"

export interface Suite {
  readonly language: Problem["language"]
  /** What the tests call: the one name of the solution that may hide a built-in one from them. */
  readonly entryPoint: string
  readonly preamble: string
  readonly solution: string
  readonly tests: ReadonlyArray<string>
  /** On a processor, in milliseconds, where the language can end a test by itself. */
  readonly testMillis: number
}

/** What the harness writes of a test. Each mark is of one test in one run, and written nowhere before that test is over. */
export interface Marks {
  readonly passed: string
  readonly failed: string
}

/** Marks that no solution can guess, whatever it knows of its suite. No result depends on which they are. */
export const marks = (tests: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Marks>> =>
  Effect.sync(() => tests.map(() => ({ passed: mark(), failed: mark() })))

const mark = () => randomBytes(16).toString("hex")
