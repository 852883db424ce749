/**
 * Solution optimisation of code: a first solution, then updates by what a critic says of the public tests it failed, until it
 * passes them. (TextGrad, arXiv 2406.07496, section 3.1.)
 */
import { Loss, Optimize, ProposePrompt } from "@backprose/core"
import type { CodeRunner } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import type { Problem } from "../format/Problem.ts"
import type { Reading } from "../study/Study.ts"
import * as Trajectory from "../study/Trajectory.ts"
import * as Coder from "./Coder.ts"
import * as Critique from "./Critique.ts"
import * as TestRun from "./harness/TestRun.ts"
import { type Failure, type Method, reasonOf } from "./Method.ts"
import { repairPrompt } from "./repairPrompt.ts"
import * as Solution from "./Solution.ts"
import * as Tests from "./Tests.ts"

export interface Options {
  /** At most so many; two model calls each. Default 5, the iterations of the paper, each of which updates the code once. */
  readonly updates?: number
}

/**
 * The method. Readings: "zero-shot", "after update 1", …, and "best by public tests": of all versions the one that passes most
 * of them, the later of equals.
 */
export const method = ({ updates = 5 }: Options = {}): Method => {
  const names = ["zero-shot", ...Array.from({ length: updates }, (_, i) => `after update ${i + 1}`)]
  return {
    name: "self-repair",
    about: `zero-shot code, then up to ${updates} updates by a critic that reads the public tests, until they pass`,
    run: Effect.fnUntraced(function* (problem) {
      const passed = new Map<string, number>()
      const versions = yield* Trajectory.readings(names, (tell) =>
        improve(problem, updates, (code) =>
          Effect.andThen(tell(code), Tests.open(problem, code)).pipe(
            Effect.tap((runs) => Effect.sync(() => passed.set(code, TestRun.share(runs))))
          )
        )
      )
      const share = ({ answer }: Reading) => passed.get(answer) ?? 0
      const { answer } = versions.reduce((best, one) => (share(one) >= share(best) ? one : best))
      return [...versions, { ...versions.at(-1)!, name: "best by public tests", answer }]
    })
  }
}

/** `seen`: told each version as soon as it is there; gives what its public tests say. */
const improve = Effect.fnUntraced(function* (
  problem: Problem,
  updates: number,
  seen: (code: string) => Effect.Effect<ReadonlyArray<TestRun.TestRun>, Failure, CodeRunner>
) {
  const judge = Effect.fnUntraced(function* (written: string) {
    const code = Solution.of(written, problem)
    const runs = yield* seen(code)
    return TestRun.all(runs) ? 1 : yield* Critique.of(problem, code, runs)
  })
  const first = yield* Coder.write(problem)
  const { failure, stopped, value } = yield* Optimize.solution<Failure, Critique.Services>({
    initial: Coder.program(first.value, problem),
    role: "code that solves a programming problem",
    steps: updates,
    choose: "last",
    loss: (solution) => Loss.verifier(judge)(solution)
  }).pipe(Effect.provideService(ProposePrompt, repairPrompt(problem)), Effect.mapError(reasonOf))
  if (stopped === "failed") return yield* Effect.fail(reasonOf(failure as Failure))
  // the last version was not judged: nobody would read what a critic says of it
  if (stopped === "steps") yield* seen(Solution.of(value, problem))
})
