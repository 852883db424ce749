/** MBPP (Austin et al., arXiv 2108.07732) in Python: JSON lines. */
import * as Schema from "effect/Schema"
import type { Problem } from "./Problem.ts"
import { either, Input, lines } from "./Reader.ts"

const Published = Schema.Struct({
  task_id: Schema.Union([Schema.String, Schema.Int]),
  text: Schema.String,
  code: Schema.String,
  test_list: Schema.NonEmptyArray(Schema.String),
  test_setup_code: Schema.optionalKey(Schema.String),
  challenge_test_list: Schema.optionalKey(Schema.Array(Schema.String))
})

/** The function of the solution that the first test calls, whatever the test wraps around the call. */
const entryPoint = (code: string, test: string): string => {
  const called = [...test.matchAll(/(\w+)\s*\(/g)].map(([, name]) => name ?? "").filter((name) => name !== "assert")
  const defined = new Set([...code.matchAll(/^def\s+(\w+)/gm)].map(([, name]) => name ?? ""))
  return called.find((name) => defined.has(name)) ?? called[0] ?? ""
}

const problem = (row: typeof Published.Type): Problem => {
  const [first, ...rest] = row.test_list
  // it uses what the solution defines, so it goes with each test and not before the solution
  const setup = row.test_setup_code?.trim() ?? ""
  const test = (assertion: string) => (setup === "" ? assertion : `${setup}\n${assertion}`)
  return {
    id: `${row.task_id}`,
    language: "python",
    prompt: row.text,
    entryPoint: entryPoint(row.code, first),
    publicTests: [test(first)],
    hiddenTests: [...rest, ...(row.challenge_test_list ?? [])].map(test),
    reference: row.code
  }
}

const Neutral = Schema.Struct({
  ...Input.fields,
  tests: Schema.NonEmptyArray(Schema.String),
  test_setup: Schema.optionalKey(Schema.String),
  challenge_tests: Schema.optionalKey(Schema.Array(Schema.String))
})

/**
 * The problems. A description names neither the function nor its parameters: the first published assertion is the public test,
 * and the others are hidden, with the challenge tests.
 */
export const read = either({
  published: lines(Published, problem),
  neutral: lines(Neutral, ({ id, input, target, tests, test_setup = "", challenge_tests = [] }) =>
    problem({
      task_id: id,
      text: input,
      code: target,
      test_list: tests,
      test_setup_code: test_setup,
      challenge_test_list: challenge_tests
    })
  )
})

/** Of the published file, which holds 974 problems of four sets, those of one; any other file is taken whole. */
const of =
  (from: number, to: number) =>
  (problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> =>
    isPublished(problems) ? problems.filter(({ id }) => Number(id) >= from && Number(id) <= to) : problems

/** Whether these are all problems of the published file. */
export const isPublished = (problems: ReadonlyArray<Problem>): boolean =>
  problems.length === 974 && problems.every(({ id }) => Number(id) >= 1 && Number(id) <= 974)

/** The published test set: 11 to 510. */
export const testSet = of(11, 510)

/** The published training set: 601 to 974. */
export const trainingSet = of(601, 974)

/** The published validation set: 511 to 600. */
export const validationSet = of(511, 600)
