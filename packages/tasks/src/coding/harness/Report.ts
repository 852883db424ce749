/**
 * From what a program of the harness wrote to what became of each test: a test passed where its mark for that is a line. No
 * other line makes one pass, so what the code printed, or changed in what was printed, can only be to its own harm.
 */
import type { Outcome } from "@backprose/sandbox"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Marks } from "./Suite.ts"
import type { TestRun } from "./TestRun.ts"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.String))

/** Where Python says an object lies: another place in each run, and no news to anybody. */
const address = / at 0x[0-9a-f]+/g

/** One result a test, in the order of `tests`. */
export const read = (
  outcome: Outcome.Outcome,
  { marks, tests }: { readonly marks: ReadonlyArray<Marks>; readonly tests: ReadonlyArray<string> }
): ReadonlyArray<TestRun> => {
  // what follows the last line end was cut off
  const lines = outcome.stdout.split("\n").slice(0, -1)
  const messages = marks.map(({ failed }) => {
    const line = lines.find((line) => line.startsWith(failed))
    return Option.flatMap(Option.fromUndefinedOr(line?.slice(failed.length)), decode)
  })
  const passed = marks.map(({ passed }) => lines.includes(passed))
  const first = marks.findIndex((_, i) => !passed[i] && Option.isNone(messages[i]!))
  return tests.map((test, i) => {
    if (passed[i]) return { test, passed: true, message: "" }
    const message = Option.getOrElse(messages[i]!, () => missing(outcome, i === first))
    return { test, passed: false, message: message.replaceAll(address, "") || "it failed" }
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
