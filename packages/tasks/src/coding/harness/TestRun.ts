/** What became of one test of a solution. Plain data, so that a journal can keep it. */
import * as Schema from "effect/Schema"

export const TestRun = Schema.Struct({
  /** The test, as code. */
  test: Schema.String,
  passed: Schema.Boolean,
  /** Why it did not pass: "got 3, expected 4", an error with its line, or that it was not reached. Empty where it passed. */
  message: Schema.String
})
export type TestRun = typeof TestRun.Type

/** The share that passed, 0 to 1; 1 where there was nothing to pass. */
export const share = (runs: ReadonlyArray<TestRun>): number =>
  runs.length === 0 ? 1 : runs.filter(({ passed }) => passed).length / runs.length

/** Whether all passed. */
export const all = (runs: ReadonlyArray<TestRun>): boolean => runs.every(({ passed }) => passed)

/** What passed and what failed, in words for whoever improves the code: each test with what happened, never how to mend it. */
export const words = (runs: ReadonlyArray<TestRun>): string =>
  runs.map(({ message, passed, test }) => (passed ? `- passed: ${test}` : `- failed, ${message}: ${test}`)).join("\n")
