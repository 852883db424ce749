/**
 * The baseline of retries with reflections: a solution that fails public tests is looked back on in words, and written anew
 * with those words in view. No demonstrations. (Reflexion, arXiv 2303.11366.)
 */
import { Fence, Generate, Template, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Trajectory from "../study/Trajectory.ts"
import * as Coder from "./Coder.ts"
import * as TestRun from "./harness/TestRun.ts"
import type { Method } from "./Method.ts"
import * as Tests from "./Tests.ts"

export interface Options {
  /** At most so many; two model calls each. Default 5. */
  readonly retries?: number
}

const looking =
  "You wrote code that failed tests. Say in a few sentences what you did wrong, why, and what you will do differently next time. Write no code."

const reflection = (problem: Problem, code: string, runs: ReadonlyArray<TestRun.TestRun>) =>
  Generate.text({
    system: looking,
    prompt: Template.make`${Coder.statement(problem)}\n\nYour code:\n${Fence.wrap("code", code)}\n\nTest results:\n${Variable.constant(TestRun.words(runs), "test results")}`,
    role: "reflection on failed code"
  })

/** The method. Readings: "zero-shot", "after retry 1", …, each the latest solution, whether it is better or not. */
export const method = ({ retries = 5 }: Options = {}): Method => ({
  name: "reflexion",
  about: `zero-shot code, then up to ${retries} retries with reflections on the public tests, until they pass`,
  run: (problem) =>
    Trajectory.readings(
      ["zero-shot", ...Array.from({ length: retries }, (_, i) => `after retry ${i + 1}`)],
      Effect.fnUntraced(function* (tell) {
        const lessons: Array<string> = []
        while (true) {
          const { value } = yield* Coder.write(problem, { lessons })
          const code = Coder.program(value, problem)
          yield* tell(code)
          const runs = yield* Tests.open(problem, code)
          if (TestRun.all(runs) || lessons.length >= retries) return
          const { value: lesson } = yield* reflection(problem, code, runs)
          lessons.push(lesson)
        }
      })
    )
})
