/** Asks a model for a solution. */
import { Generate, Template, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Problem } from "../format/Problem.ts"
import * as Solution from "./Solution.ts"

/** What a coder replies. */
// one field, so that a small model writes code and no talk about it; the limit ends the reply of one that repeats itself
export const Written = Schema.Struct({ code: Schema.String.check(Schema.isMaxLength(6000)) })
export type Written = typeof Written.Type

const names = { python: "Python", javascript: "JavaScript", typescript: "TypeScript" }

/** What the coder is told before the problem. */
export const instructions =
  "You are a careful programmer. Write the whole function under the given name, with all that it needs. Mind the edge cases. Write no tests and no examples of use."

/** How a solution is asked for. */
export interface Options<R> {
  /** Default: `instructions`. */
  readonly system?: Variable.Variable<string, R> | string
  /** What was learned from earlier tries. */
  readonly lessons?: ReadonlyArray<string>
  /** Which of several solutions, drawn differently. Default 0. */
  readonly sample?: number
  readonly temperature?: number
}

/** The problem as a model is shown it: what is asked for, the name, and the public tests. */
export const statement = ({ entryPoint, language, prompt, publicTests }: Problem): string =>
  [
    `Write a solution in ${names[language]} that defines \`${entryPoint}\`.`,
    prompt.trim(),
    ...(publicTests.length === 0 ? [] : [`It must pass these tests, and others:\n${publicTests.join("\n")}`])
  ].join("\n\n")

/** A solution as a variable of the graph: its value is a whole program for the harness. */
export const write = Effect.fnUntraced(function* <R = never>(problem: Problem, options: Options<R> = {}) {
  const { lessons = [], sample, system = instructions, temperature } = options
  const learned = lessons.map((lesson, i) => `\n\nWhat went wrong in try ${i + 1}:\n${lesson}`).join("")
  return yield* Generate.object({
    system,
    prompt: Template.make`${Variable.constant(statement(problem), "programming problem")}${learned}`,
    schema: Written,
    name: "solution",
    role: "solution in code",
    ...(sample === undefined ? {} : { sample }),
    ...(temperature === undefined ? {} : { sampling: { temperature } })
  })
})

/** The program in what a coder wrote. */
export const program = ({ code }: Written, problem: Problem): string => Solution.of(code, problem)
