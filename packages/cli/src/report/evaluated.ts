/** An evaluation on the screen. */
import type { Example } from "@backprose/core"
import type { EvaluationRecord } from "../run/EvaluationRecord.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import * as Figures from "./figures.ts"
import { joined, type Moment, pace } from "./ticker.ts"

interface Going {
  readonly results: ReadonlyArray<Example.Result>
  readonly total: number
}

/** The line that is redrawn. */
export const live = ({ results, total }: Going, moment: Moment): string => {
  const scores = results.flatMap((result) => (result._tag === "Scored" ? [result.score] : []))
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length
  return joined(
    [
      `${results.length}/${total}`,
      scores.length === 0 ? undefined : `score ${Figures.score(mean)}`,
      Figures.of(moment.usage.calls, "call"),
      Figures.money(moment.spend),
      pace(results.length, total, moment)
    ],
    moment
  )
}

const shown = 8

const wrong = (result: Example.Result, style: Style): ReadonlyArray<string> => {
  const place = `  ${String(result.index).padStart(4)}  `
  if (result._tag === "Failed") return [`${place}${style.bad("failed")}  ${short(result.message)}`]
  const said = `${place}${Figures.score(result.score)}  ${short(result.output)}`
  return result.feedback === "" ? [said] : [said, `              ${style.dim(short(result.feedback))}`]
}

const short = (text: string): string => {
  const line = Sanitize.line(text)
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`
}

/** The end: the score, what went wrong first, and the cost. */
export const lines = (
  report: EvaluationRecord,
  results: ReadonlyArray<Example.Result>,
  style: Style
): ReadonlyArray<string> => {
  const faults = results
    .filter((result) => result._tag === "Failed" || result.score < 1)
    .toSorted((a, b) => a.index - b.index)
  const more = faults.length - shown
  return [
    style.bold(`${Sanitize.line(report.task)}, ${report.split}, ${Sanitize.line(report.model)}`),
    `  score   ${Figures.summary(report.summary)}`,
    `  cost    ${Figures.cost(report.usage, report.elapsedMs, report.spend, report.cached)}`,
    ...(faults.length === 0 ? [] : ["", style.bold("Not right")]),
    ...faults.slice(0, shown).flatMap((fault) => wrong(fault, style)),
    ...(more > 0 ? [style.dim(`        and ${more} more (--json shows all)`)] : [])
  ]
}
