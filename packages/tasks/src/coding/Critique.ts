/**
 * The loss on a solution: its public tests, and a critic that reads what they said. Code that passes them all is not
 * criticised, so an optimisation ends there. (TextGrad, arXiv 2406.07496, section 3.1.)
 */
import { type BackwardModel, Loss, Variable } from "@backprose/core"
import type { CodeRunner } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Coder from "./Coder.ts"
import { share, type TestRun, words } from "./harness/TestRun.ts"

/** Who is asked and what is run on the way to a judgement. */
export type Services = BackwardModel | CodeRunner

const instruction = `Find what is wrong with the code, from the tests that it failed.
For each failed test, follow the code with the arguments of the test and say where it goes another way than the problem asks, and why. Say what other arguments would go wrong for the same reason. A few sentences are enough.
Do not write code, and do not give the solution. Never advise to treat the arguments of a test as a special case.`

/** What the critic says of code that failed tests, with the results themselves: the editor reads both. */
export const of = Effect.fnUntraced(function* (problem: Problem, code: string, runs: ReadonlyArray<TestRun>) {
  const results = words(runs)
  const said = yield* Loss.fields(instruction, {
    problem: Variable.constant(Coder.statement(problem), "programming problem"),
    code: Variable.constant(code, "code"),
    "test results": Variable.constant(results, "test results")
  })
  return { score: share(runs), feedback: `${said.value}\n\n${results}` }
})
