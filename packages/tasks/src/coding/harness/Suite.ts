/** A solution with the tests that it is to pass, and how long each may take. */
import { createHash } from "node:crypto"
import type { Problem } from "../../format/Problem.ts"

export interface Suite {
  readonly language: Problem["language"]
  readonly preamble: string
  readonly solution: string
  readonly tests: ReadonlyArray<string>
  /** On a processor, in milliseconds, where the language can end a test by itself. */
  readonly testMillis: number
}

/**
 * What lines of the harness begin with. A solution cannot guess it, since it depends on all of the suite; equal suites have
 * equal marks, so a program's text is the same in every run.
 */
export const mark = (suite: Suite): string =>
  createHash("sha256")
    .update(`backprose harness 1\n${JSON.stringify(suite)}`)
    .digest("hex")
    .slice(0, 32)
