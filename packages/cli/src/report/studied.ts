/** A study on the screen. */
import type { Attempt } from "@backprose/tasks"
import type { StudyRecord } from "../run/StudyRecord.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import { asTextGrad } from "./asTextGrad.ts"
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

const done = ({ report }: StudyRecord): number => report.methods.reduce((sum, { errors, n }) => sum + errors + n, 0)

/** A study in a list of them: what its first method made of the answers. */
export const row = (name: string, record: StudyRecord): ReadonlyArray<string> => {
  const [first] = record.report.readings
  const last = record.report.readings.findLast(({ method }) => method === first?.method)
  return [
    name,
    record.status,
    first === undefined || last === undefined
      ? "–"
      : `${Figures.score(first.score.mean)} → ${Figures.score(last.score.mean)}`,
    first === undefined ? "" : `n ${first.n}`,
    Figures.duration(record.elapsedMs),
    record.models.forward
  ]
}

/** A row for each answer: where code was tested, also how often the tests that methods see passed, and how often those alone. */
const rows = ({ gaps, report }: StudyRecord): ReadonlyArray<ReadonlyArray<string>> =>
  report.readings.map(({ calls, errors, gain, method, n, reading, score }, i) => {
    const tested = gaps?.find((one) => one.method === method && one.reading === reading)?.gap
    return [
      report.readings[i - 1]?.method === method ? "" : method,
      reading,
      `${Figures.score(score.mean)} (${Figures.score(score.low)}–${Figures.score(score.high)})`,
      `${n}${errors === 0 ? "" : `, ${errors} failed`}`,
      calls.toFixed(1),
      ...(gaps === undefined
        ? []
        : tested === undefined || tested.n === 0
          ? ["–", "–"]
          : [Figures.score(tested.public), Figures.score(tested.gap)]),
      gain === undefined ? "" : Figures.gain(gain)
    ]
  })

const headings = ({ gaps }: StudyRecord): ReadonlyArray<string> => [
  ...["method", "answer", "score (95 %)", "n", "calls"],
  ...(gaps === undefined ? [] : ["public tests", "they alone"]),
  "gain over the first answer (95 %)"
]

const beside = ({ gain, of, over }: StudyRecord["report"]["equalBudget"][number]): string => {
  const [calls, others] = [of.calls.toFixed(1), over.calls.toFixed(1)]
  // whose advantage it is, where there is no reading at as many
  const how = calls === others ? "equal" : of.calls < over.calls ? "fewer" : "more"
  return `  at ${`${how} calls`.padEnd(11)}  ${of.method} (${calls}) over ${over.method} (${others}): ${Figures.gain(gain)}`
}

/** For how many problems the columns of tests say nothing, and why: from the first reading, since all are of the same problems. */
const unmeasured = ({ gaps }: StudyRecord): ReadonlyArray<string> => {
  const { n, withoutHidden = 0, withoutPublic = 0 } = gaps?.[0]?.gap ?? { n: 0 }
  const of = (some: number) => `${some} of ${n + withoutHidden + withoutPublic} problems`
  return [
    ...(withoutHidden === 0
      ? []
      : [
          `  no hidden tests ${of(withoutHidden)}: their public tests decide the score, and no gap is measured on them`
        ]),
    ...(withoutPublic === 0
      ? []
      : [`  no public tests ${of(withoutPublic)}: no method has anything to try, and no gap is measured on them`])
  ]
}

/** All answers with their scores, what equal calls bought, and the cost. */
export const lines = (record: StudyRecord, style: Style): ReadonlyArray<string> => {
  const { attempts, elapsedMs, models, report, spend, status, task, usage } = record
  const best = report.methods.flatMap(({ best, method }) =>
    best === undefined ? [] : [`${method} ${Figures.score(best.mean)}`]
  )
  return [
    style.bold([Sanitize.line(task), Sanitize.line(models.forward), ...asTextGrad(record)].join(", ")),
    ...(status === "finished" ? [] : [style.dim(`  ${status}: ${done(record)} of ${Figures.of(attempts, "attempt")}`)]),
    "",
    ...table.lines(headings(record), rows(record), style),
    "",
    ...unmeasured(record),
    ...report.methods.flatMap(({ errors, method, n }) =>
      n === 0 ? [style.bad(`  ${method}: all ${errors} attempts failed`)] : []
    ),
    ...report.equalBudget.map(beside),
    ...(best.length === 0 ? [] : [style.dim(`  any right       ${best.join(", ")}`)]),
    // of one whose process went without a word nobody counted
    ...(usage.calls === 0 && status !== "finished"
      ? []
      : [`  cost            ${Figures.cost(usage, elapsedMs, spend)}`])
  ]
}

/** An attempt that failed, as it comes. */
export const failed = ({ error, index, message, method }: typeof Attempt.Failed.Type): string =>
  `  ${method}, question ${index}: ${error}: ${Sanitize.line(message)}`
