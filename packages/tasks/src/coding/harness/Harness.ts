/**
 * Runs the tests of a solution in a jail: a program in the language of the problem that runs each test by itself and tells what
 * became of it. Results are plain data, and kept by the journal: a resumed run does not run them again.
 */
import { Journal, type TextModelError } from "@backprose/core"
import { CodeRunner, type SandboxUnavailable } from "@backprose/sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Problem } from "../../format/Problem.ts"
import * as JavaScript from "./javascript.ts"
import * as Python from "./python.ts"
import * as Report from "./Report.ts"
import { marks, type Suite } from "./Suite.ts"
import { TestRun } from "./TestRun.ts"

/** What a program of tests may take. */
export interface Limits {
  /** One test, on a processor; where the language has no way to end it, it takes the rest of the program with it. */
  readonly testMillis: number
  /** All tests of a solution, on a processor. */
  readonly cpuSeconds: number
}

const defaults: Limits = { testMillis: 2000, cpuSeconds: 10 }

/**
 * How much longer a program may take by the clock: that is for code that waits for nothing, and for jails that cannot tell the
 * time on a processor. What a program gets of a busy machine says nothing about its solution.
 */
const patience = 6

/** Why tests could not be run, or their results not be kept. */
export type Failure = SandboxUnavailable | TextModelError.JournalUnwritable | TextModelError.JournalMismatch

/**
 * The tests on a solution, one result a test in their order. That the code crashes, hangs or is no code at all are results;
 * fails where there is no jail for the language.
 */
export const run = Effect.fnUntraced(function* (
  {
    problem,
    solution,
    tests
  }: {
    readonly problem: Problem
    readonly solution: string
    readonly tests: ReadonlyArray<string>
  },
  options: Partial<Limits> = {}
): Effect.fn.Return<ReadonlyArray<TestRun>, Failure, CodeRunner> {
  if (tests.length === 0) return []
  const { cpuSeconds, testMillis } = { ...defaults, ...options }
  const { entryPoint, language, preamble = "" } = problem
  const suite: Suite = { language, entryPoint, preamble, solution, tests, testMillis }
  const runner = yield* CodeRunner
  const { recorded } = yield* Journal.Journal
  const { program, stdin } = language === "python" ? Python : JavaScript
  const source = program()
  const limits = { cpuSeconds, wallMillis: patience * 1000 * cpuSeconds }
  const result = Effect.gen(function* () {
    const own = yield* marks(tests)
    const outcome = yield* runner.run({ language, source, stdin: stdin(suite, own), limits })
    return Report.read(outcome, { marks: own, tests })
  })
  return yield* recorded("tests", JSON.stringify([source, suite, limits]), Schema.Array(TestRun), result)
})
