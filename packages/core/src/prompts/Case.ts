/** A case in which a text was used, as optimizers are shown it. */
import * as Fence from "./Fence.ts"

/** What went in, what came out, and what was said of it. What is empty is not shown. */
export interface Case {
  readonly inputs: ReadonlyArray<{ readonly role: string; readonly text: string }>
  readonly outputRole: string
  readonly output: string
  /** 0 to 1. */
  readonly score: number
  readonly feedback: string
}

/** Two digits are enough for people and models. */
export const scoreOf = (score: number): string => `${Number(score.toFixed(2))} of 1`

const one = ({ feedback, inputs, output, outputRole, score }: Case, i: number): string =>
  [
    `Case ${i + 1}, score ${scoreOf(score)}:`,
    ...inputs.map(({ role, text }) => `Input, used as ${Fence.quote(role)}:\n${Fence.wrap("input", text)}`),
    ...(output === "" ? [] : [`Output, used as ${Fence.quote(outputRole)}:\n${Fence.wrap("output", output)}`]),
    ...(feedback === "" ? [] : [`What was said about it:\n${Fence.wrap("feedback", feedback)}`])
  ].join("\n")

/** Cases one after the other, each with its number. */
export const cases = (all: ReadonlyArray<Case>): string => all.map(one).join("\n\n")
