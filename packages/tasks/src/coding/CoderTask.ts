/**
 * Prompt optimisation of the coder: its instructions are trained on problems whose tests say what they lack. The hidden tests
 * of the training problems are part of what is learned from; those of the test set only grade.
 */
import { Parameter, Parameters, Task } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Coder from "./Coder.ts"
import { share, type TestRun } from "./harness/TestRun.ts"
import * as Tests from "./Tests.ts"

export interface Options {
  readonly name: string
  readonly train: ReadonlyArray<Problem>
  readonly validation: ReadonlyArray<Problem>
  readonly test: ReadonlyArray<Problem>
}

const parameters = Parameters.make({
  instructions: Parameter.text("Write the function.", {
    role: "instructions of the model that writes code for programming problems",
    constraints: ["at most 150 words", "for any problem: nothing that only helps with one of them"]
  })
})

/** How many failed tests the feedback names. */
const named = 3

const feedback = (runs: ReadonlyArray<TestRun>): string => {
  const failed = runs.filter(({ passed }) => !passed)
  if (failed.length === 0) return ""
  const shown = failed.slice(0, named).map(({ message, test }) => `${test}\n${message}`)
  return `The code failed ${failed.length} of ${runs.length} tests${failed.length > named ? `, the first ${named}` : ""}:\n\n${shown.join("\n\n")}`
}

/** The task: the score is the share of all tests, public and hidden, that a solution passes. */
export const make = ({ name, test, train, validation }: Options) =>
  Task.make({
    name,
    parameters,
    forward: (p, problem: Problem) => Coder.write(problem, { system: p.instructions }),
    metric: Effect.fnUntraced(function* (written: Coder.Written, problem: Problem) {
      const code = Coder.program(written, problem)
      const runs = yield* Tests.all(problem, code)
      return { score: share(runs), feedback: feedback(runs) }
    }),
    train,
    validation,
    test
  })
