/**
 * From what a program of the harness wrote to what became of each test. Only whole lines with the mark count, each test once
 * and in order: what does not fit was not written by the harness, and then nothing counts.
 */
import type { Outcome } from "@backprose/sandbox"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { TestRun } from "./TestRun.ts"

const Line = Schema.fromJsonString(Schema.Struct({ test: Schema.Int, passed: Schema.Boolean, message: Schema.String }))
const decode = Schema.decodeUnknownOption(Line)

/** Where Python says an object lies: another place in each run, and no news to anybody. */
const address = / at 0x[0-9a-f]+/g

/** One result a test, in the order of `tests`. */
export const read = (
  outcome: Outcome.Outcome,
  { mark, tests }: { readonly mark: string; readonly tests: ReadonlyArray<string> }
): ReadonlyArray<TestRun> => {
  // what follows the last line end was cut off
  const lines = outcome.stdout.split("\n").slice(0, -1)
  const said = lines.filter((line) => line.startsWith(mark)).map((line) => decode(line.slice(mark.length)))
  const forged = said.length > tests.length || said.some((line, i) => Option.getOrUndefined(line)?.test !== i)
  const results = forged ? [] : said.flatMap(Option.toArray)
  return tests.map((test, i) => {
    const result = results[i]
    if (result !== undefined) return { test, passed: result.passed, message: result.message.replaceAll(address, "") }
    const message = forged ? "not run: the code wrote results of its own" : missing(outcome, i === results.length)
    return { test, passed: false, message }
  })
}

/** Why there is no result of a test: the first without one is where it happened. */
const missing = (outcome: Outcome.Outcome, first: boolean): string => {
  if (outcome._tag === "Killed") return first ? killed[outcome.because] : `not run: before, ${killed[outcome.because]}`
  const error = problem(outcome.stderr)
  if (error !== undefined) return first ? error : `not run: before, ${error}`
  return first
    ? `the program ended in this test, with exit code ${outcome.code}`
    : "not run: the program had ended before"
}

const killed = {
  time: "it did not come to an end in time",
  memory: "it took more memory than it may",
  output: "it wrote more than it may",
  signal: "the program was ended by a signal"
}

/** The line that names the error: `SyntaxError: …`. */
const problem = (stderr: string): string | undefined =>
  stderr
    .split("\n")
    .findLast((line) => /^\s*(Uncaught )?\w*(Error|Exception)\b/.test(line))
    ?.trim()
    .slice(0, 500)
