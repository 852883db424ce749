/**
 * The baseline of retries with reflections: a solution that fails public tests is looked back on in words, and written anew
 * with those words in view. No demonstrations. (Reflexion, arXiv 2303.11366.)
 */
import { Fence, Generate, Template, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Calls from "../study/Calls.ts"
import * as Coder from "./Coder.ts"
import { share, type TestRun, words } from "./harness/TestRun.ts"
import type { Method } from "./Method.ts"
import * as Tests from "./Tests.ts"
import { trajectory, type Version } from "./trajectory.ts"

export interface Options {
  /** At most so many; two model calls each. Default 4. */
  readonly retries?: number
}

const looking =
  "You wrote code that failed tests. Say in a few sentences what you did wrong, why, and what you will do differently next time. Write no code."

const reflection = (problem: Problem, code: string, runs: ReadonlyArray<TestRun>) =>
  Generate.text({
    system: looking,
    prompt: Template.make`${Coder.statement(problem)}\n\nYour code:\n${Fence.wrap("code", code)}\n\nTest results:\n${Variable.constant(words(runs), "test results")}`,
    role: "reflection on failed code"
  })

/** The method. Readings: the first solution, and the one after each retry, whether it is better or not. */
export const method = ({ retries = 4 }: Options = {}): Method => ({
  name: "reflexion",
  about: `zero-shot code, then up to ${retries} retries with reflections on the public tests, until they pass`,
  run: (problem) =>
    Calls.counted((calls) =>
      Effect.gen(function* () {
        const tries: Array<Version> = []
        const lessons: Array<string> = []
        for (let retry = 0; ; retry++) {
          const { value } = yield* Coder.write(problem, { lessons })
          const code = Coder.program(value, problem)
          tries.push({ answer: code, calls: yield* calls })
          const runs = yield* Tests.open(problem, code)
          if (share(runs) === 1 || retry >= retries) break
          lessons.push((yield* reflection(problem, code, runs)).value)
        }
        const names = Array.from({ length: retries + 1 }, (_, i) => (i === 0 ? "zero-shot" : `after retry ${i}`))
        return trajectory(names, tries)
      })
    )
})
