/**
 * Overfitting to the public tests: how many answers pass them, how many pass the hidden ones too. What a method gains on the
 * tests that it sees is worth only what it gains on those that it does not.
 */
import type { CodeRunner } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Problem } from "../format/Problem.ts"
import type { Attempt } from "../study/Attempt.ts"
import type { Failure } from "./harness/Harness.ts"
import * as TestRun from "./harness/TestRun.ts"
import * as Tests from "./Tests.ts"

/** An answer to a problem: a whole program. */
export interface Answer {
  readonly problem: Problem
  readonly answer: string
}

/** Plain data, for reports. */
export const Gap = Schema.Struct({
  n: Schema.Int,
  /** The share of answers that pass all public tests. */
  public: Schema.Finite,
  /** The share of answers that pass all hidden tests. */
  hidden: Schema.Finite,
  /** The share of answers that pass all public tests and not all hidden ones. */
  gap: Schema.Finite,
  /** Which problems those are, by id. */
  overfitted: Schema.Array(Schema.String)
})
export type Gap = typeof Gap.Type

/** The gap of one reading of a method. */
export const Line = Schema.Struct({ method: Schema.String, reading: Schema.String, gap: Gap })
export type Line = typeof Line.Type

/** Programs that run at once. */
const atOnce = 2

/** The gap of some answers, by running all tests on each. */
export const measure = (answers: ReadonlyArray<Answer>): Effect.Effect<Gap, Failure, CodeRunner> =>
  Effect.map(
    Effect.forEach(
      answers,
      ({ answer, problem }) =>
        Effect.map(Tests.all(problem, answer), (runs) => ({
          id: problem.id,
          open: TestRun.all(runs.slice(0, problem.publicTests.length)),
          hidden: TestRun.all(runs.slice(problem.publicTests.length))
        })),
      { concurrency: atOnce }
    ),
    (results) => {
      const of = (some: ReadonlyArray<unknown>) => (results.length === 0 ? 0 : some.length / results.length)
      const overfitted = results.filter(({ hidden, open }) => open && !hidden).map(({ id }) => id)
      return {
        n: results.length,
        public: of(results.filter(({ open }) => open)),
        hidden: of(results.filter(({ hidden }) => hidden)),
        gap: of(overfitted),
        overfitted
      }
    }
  )

/** The gap of each reading of a comparison, from its attempts. `problems`: those of its study, in their order. */
export const lines = (
  problems: ReadonlyArray<Problem>,
  attempts: ReadonlyArray<Attempt>
): Effect.Effect<ReadonlyArray<Line>, Failure, CodeRunner> => {
  const answers = new Map<
    string,
    { readonly method: string; readonly reading: string; readonly answers: Array<Answer> }
  >()
  for (const attempt of attempts) {
    if (attempt._tag === "Failed") continue
    for (const { answer, name } of attempt.readings) {
      const key = JSON.stringify([attempt.method, name])
      const known = answers.get(key) ?? { method: attempt.method, reading: name, answers: [] }
      known.answers.push({ problem: problems[attempt.index]!, answer })
      answers.set(key, known)
    }
  }
  return Effect.forEach([...answers.values()], ({ answers, method, reading }) =>
    Effect.map(measure(answers), (gap) => ({ method, reading, gap }))
  )
}
