/**
 * Overfitting to the public tests: how many answers pass them, how many pass the hidden ones too. What a method gains on the
 * tests that it sees is worth only what it gains on those that it does not.
 */
import type { CodeRunner } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Problem } from "../format/Problem.ts"
import { type Failure } from "./harness/Harness.ts"
import { share } from "./harness/TestRun.ts"
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
  /** The share of all answers that pass all public tests and not all hidden ones. */
  gap: Schema.Finite,
  /** Which problems those are, by id. */
  overfitted: Schema.Array(Schema.String)
})
export type Gap = typeof Gap.Type

/** The gap of some answers, by running all tests on each: those of one reading of a method. */
export const measure = Effect.fnUntraced(function* (
  answers: ReadonlyArray<Answer>
): Effect.fn.Return<Gap, Failure, CodeRunner> {
  const passed = yield* Effect.forEach(answers, ({ answer, problem }) =>
    Effect.all({
      id: Effect.succeed(problem.id),
      open: Effect.map(Tests.open(problem, answer), (runs) => share(runs) === 1),
      hidden: Effect.map(Tests.hidden(problem, answer), (runs) => share(runs) === 1)
    })
  )
  const n = passed.length
  const of = (count: number) => (n === 0 ? 0 : count / n)
  const overfitted = passed.filter(({ hidden, open }) => open && !hidden).map(({ id }) => id)
  return {
    n,
    public: of(passed.filter(({ open }) => open).length),
    hidden: of(passed.filter(({ hidden }) => hidden).length),
    gap: of(overfitted.length),
    overfitted
  }
})
