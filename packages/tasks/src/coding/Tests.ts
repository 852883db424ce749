/** A problem's public and hidden tests on a solution. Methods see the public ones; the hidden ones grade. */
import type { Verdict } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Harness from "./harness/Harness.ts"
import * as TestRun from "./harness/TestRun.ts"

/** The public tests. */
export const open = (problem: Problem, solution: string) =>
  Harness.run({ problem, solution, tests: problem.publicTests })

/** The hidden tests, for grading only. */
export const hidden = (problem: Problem, solution: string) =>
  Harness.run({ problem, solution, tests: problem.hiddenTests })

/** All tests in one program, the public ones first: for grading only. */
export const all = (problem: Problem, solution: string) =>
  Harness.run({ problem, solution, tests: [...problem.publicTests, ...problem.hiddenTests] })

/**
 * Whether a solution is right: 1 where it passes all hidden tests, else 0; where a problem has none, the public ones decide. With
 * hidden tests the public ones do not count: some published examples contradict them. The feedback names the first that failed.
 */
export const grade = Effect.fnUntraced(function* (solution: string, problem: Problem) {
  const runs = yield* problem.hiddenTests.length > 0 ? hidden(problem, solution) : open(problem, solution)
  return { score: TestRun.all(runs) ? 1 : 0, feedback: firstFailure(runs) } satisfies Verdict.Verdict
})

const firstFailure = (runs: ReadonlyArray<TestRun.TestRun>): string => {
  const failed = runs.filter(({ passed }) => !passed)
  return failed.length === 0
    ? ""
    : `${failed.length} of ${runs.length} tests failed, first: ${failed[0]!.test} (${failed[0]!.message})`
}
