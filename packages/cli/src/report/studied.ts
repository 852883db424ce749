/** A study on the screen. */
import type { Attempt } from "@backprose/tasks"
import type { StudyRecord } from "../run/StudyRecord.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import * as Figures from "./figures.ts"
import * as table from "./table.ts"
import { joined, type Moment, pace } from "./ticker.ts"

/** The line that is redrawn. */
export const live = (
  { attempts, total }: { readonly attempts: number; readonly total: number },
  moment: Moment
): string =>
  joined(
    [
      `${attempts}/${total} attempts`,
      Figures.of(moment.usage.calls, "call"),
      Figures.money(moment.spend),
      pace(attempts, total, moment)
    ],
    moment
  )

type Report = StudyRecord["report"]
type Gain = NonNullable<Report["readings"][number]["gain"]>

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Figures.score(Math.abs(value))}`

const gained = ({ gain, high, low, p }: Gain): string =>
  `${signed(gain)} (${signed(low)} to ${signed(high)}), p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}`

const readings = ({ readings }: Report): ReadonlyArray<ReadonlyArray<string>> =>
  readings.map(({ calls, errors, gain, method, n, reading, score }, i) => [
    readings[i - 1]?.method === method ? "" : method,
    reading,
    `${Figures.score(score.mean)} (${Figures.score(score.low)}–${Figures.score(score.high)})`,
    `${n}${errors === 0 ? "" : `, ${errors} failed`}`,
    calls.toFixed(1),
    gain === undefined ? "" : gained(gain)
  ])

const headings = ["method", "answer", "score (95 %)", "n", "calls", "gain over the first answer (95 %)"]

/** The end: all answers with their scores, what equal calls bought, and the cost. */
export const lines = (record: StudyRecord, style: Style): ReadonlyArray<string> => {
  const { elapsedMs, models, report, spend, task, usage } = record
  const silent = report.methods.filter(({ n }) => n === 0)
  return [
    style.bold(`${Sanitize.line(task)}, ${Sanitize.line(models.forward)}`),
    "",
    ...table.lines(headings, readings(report), style),
    "",
    ...silent.map(({ errors, method }) => style.bad(`  ${method}: all ${errors} attempts failed`)),
    ...report.methods.flatMap(({ best, method }) =>
      best === undefined ? [] : [style.dim(`  ${method}: any of its answers right on ${Figures.score(best.mean)}`)]
    ),
    ...report.equalBudget.map(
      ({ gain, of, over }) =>
        `  ${of.method} (${of.calls.toFixed(1)} calls) over ${over.method} (${over.calls.toFixed(1)}): ${gained(gain)}`
    ),
    ...(record.gaps ?? []).map(
      ({ gap, method, reading }) =>
        `  ${method}, ${reading}: public tests passed on ${Figures.score(gap.public)}, hidden ones on ${Figures.score(gap.hidden)}; the public alone on ${Figures.score(gap.gap)}`
    ),
    `  cost    ${Figures.cost(usage, elapsedMs, spend)}`
  ]
}

/** An attempt that failed, as it comes. */
export const failed = ({ error, index, message, method }: typeof Attempt.Failed.Type): string =>
  `  ${method}, question ${index}: ${error}: ${Sanitize.line(message)}`
