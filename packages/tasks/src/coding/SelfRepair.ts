/**
 * Solution optimisation of code: a first solution, then updates by what a critic says of the public tests it failed, until it
 * passes them. (TextGrad, arXiv 2406.07496, section 3.1.)
 */
import { Example, Loss, Optimize } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import * as Calls from "../study/Calls.ts"
import * as Coder from "./Coder.ts"
import * as Critique from "./Critique.ts"
import { share } from "./harness/TestRun.ts"
import type { Failure, Method } from "./Method.ts"
import * as Solution from "./Solution.ts"
import * as Tests from "./Tests.ts"
import { trajectory, type Version } from "./trajectory.ts"

export interface Options {
  /** At most so many; two model calls each. Default 4, as many as the paper's 5 iterations with the first solution. */
  readonly updates?: number
}

/**
 * The method. Readings: the first solution, after each update, and of all versions the one that passes most public tests.
 * Where a later update fails, what was found until then stands.
 */
export const method = ({ updates = 4 }: Options = {}): Method => ({
  name: "self-repair",
  about: `zero-shot code, then up to ${updates} updates by a critic that reads the public tests, until they pass`,
  run: (problem) => Calls.counted((calls) => improve(problem, { updates, calls }))
})

const improve = Effect.fnUntraced(function* (
  problem: Problem,
  { calls, updates }: { readonly updates: number; readonly calls: Effect.Effect<number> }
) {
  const versions: Array<Version> = []
  const judge = Effect.fnUntraced(function* (written: string) {
    const code = Solution.of(written, problem)
    versions.push({ answer: code, calls: yield* calls })
    const runs = yield* Tests.open(problem, code)
    // the last version is judged by its tests alone: nobody would read what a critic says of it
    const last = share(runs) === 1 || versions.length > updates
    return last ? share(runs) : yield* Critique.of(problem, code, runs)
  })
  const first = yield* Coder.write(problem)
  const found = yield* Optimize.solution({
    initial: Coder.program(first.value, problem),
    role: `code that solves this problem: ${Coder.statement(problem)}`,
    steps: updates,
    constraints: ["the whole program, and nothing but code"],
    loss: (solution) => Loss.verifier(judge)(solution)
  })
  // what would fail on every other problem too is no result of this one
  const { failure } = found
  if (Example.fatal(failure)) return yield* Effect.fail(failure as Failure)
  const names = ["zero-shot", ...Array.from({ length: updates }, (_, i) => `after update ${i + 1}`)]
  const best = { name: "best by public tests", answer: Solution.of(found.value, problem), calls: yield* calls }
  const note = failure === undefined ? undefined : `ended early: ${Example.messageOf(failure)}`
  return [...trajectory(names, versions, note), best]
})
