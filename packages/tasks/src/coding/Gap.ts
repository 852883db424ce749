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
  /** Answers to problems that have both public and hidden tests; no gap is measured on others, and they are in no share. */
  n: Schema.Int,
  /** Answers to problems without public tests; not there where there are none. */
  withoutPublic: Schema.optionalKey(Schema.Int),
  /** Answers to problems without hidden tests; not there where there are none. */
  withoutHidden: Schema.optionalKey(Schema.Int),
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

const without = (answers: ReadonlyArray<Answer>, tests: "publicTests" | "hiddenTests") =>
  answers.filter(({ problem }) => problem[tests].length === 0).length

/** The gap of some answers, by running all tests on each whose problem has both kinds. */
export const measure = (answers: ReadonlyArray<Answer>): Effect.Effect<Gap, Failure, CodeRunner> => {
  const withoutPublic = without(answers, "publicTests")
  const withoutHidden = without(answers, "hiddenTests")
  return Effect.map(
    Effect.forEach(
      answers.filter(({ problem }) => problem.publicTests.length > 0 && problem.hiddenTests.length > 0),
      ({ answer, problem }) =>
        Effect.map(Tests.all(problem, answer), (runs) => ({
          id: problem.id,
          open: TestRun.all(runs.slice(0, problem.publicTests.length)),
          hidden: TestRun.all(runs.slice(problem.publicTests.length))
        })),
      // how many programs run at once is the business of their jail
      { concurrency: "unbounded" }
    ),
    (results) => {
      const of = (some: ReadonlyArray<unknown>) => (results.length === 0 ? 0 : some.length / results.length)
      const overfitted = results.filter(({ hidden, open }) => open && !hidden).map(({ id }) => id)
      return {
        n: results.length,
        ...(withoutPublic === 0 ? {} : { withoutPublic }),
        ...(withoutHidden === 0 ? {} : { withoutHidden }),
        public: of(results.filter(({ open }) => open)),
        hidden: of(results.filter(({ hidden }) => hidden)),
        gap: of(overfitted),
        overfitted
      }
    }
  )
}

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
