/**
 * Progress in words: the one live line, and the lines that stay.
 */
import type { Event } from "@backprose/core"
import type { Notice, When } from "../optimize/Notice.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import * as Figures from "./figures.ts"
import { type Progress, share } from "./Progress.ts"
import type { Moment } from "./ticker.ts"

const wide = 14

/** The line that is redrawn: where the run is, its scores, what it has used, and how long it may take. */
export const live = (progress: Progress, { usage, spend, elapsedMs, columns }: Moment): string => {
  const { settings } = progress.record
  const done = share(progress)
  // a run that is resumed has taken its time before
  const left = done < 0.02 ? undefined : ((progress.record.elapsedMs + elapsedMs) * (1 - done)) / done
  const parts: ReadonlyArray<Part> = [
    [progress.step === 0 || progress.doing.startsWith("test") ? "" : `step ${progress.step}/${settings.steps}`, 9],
    [`${progress.doing}${progress.total === 0 ? "" : ` ${progress.done}/${progress.total}`}`, 8],
    [progress.train === undefined ? "" : `train ${Figures.score(progress.train)}`, 3],
    [progress.validation === undefined ? "" : `validation ${Figures.score(progress.validation)}`, 4],
    [Figures.of(usage.calls, "call"), 2],
    [Figures.money(spend) ?? "", 5],
    [`${Figures.count(usage.inputTokens + usage.outputTokens)} tokens`, 1],
    [`${Figures.duration(elapsedMs)}${left === undefined ? "" : `, about ${Figures.duration(left)} left`}`, 7]
  ]
  return fitted(
    parts.filter(([text]) => text !== ""),
    columns
  )
}

/** A piece of the live line, and how much it matters. */
type Part = readonly [text: string, weight: number]

/** The pieces as one line; where they are too many for it, what matters least is left out. */
const fitted = (parts: ReadonlyArray<Part>, columns: number): string => {
  const line = `  ${parts.map(([text]) => text).join(" · ")}`
  // one letter is left free: a terminal that wraps would be redrawn on the wrong line
  if (line.length < columns) return line
  if (parts.length === 1) return line.slice(0, Math.max(0, columns - 1))
  const least = Math.min(...parts.map(([, weight]) => weight))
  return fitted(
    parts.filter(([, weight]) => weight !== least),
    columns
  )
}

/** A line under a title. */
export const row = (title: string, rest: string): string => `  ${title.padEnd(wide)}${rest}`.trimEnd()

/** The notice of a test that was made earlier, for a run that is told again. */
export const tested = (when: When, summary: Event.Summary | undefined): ReadonlyArray<Notice> =>
  summary === undefined ? [] : [{ _tag: "TestFinished", when, summary }]

/** The line of a notice that is worth keeping; `progress` is as it was before the notice. */
export const lasting = (progress: Progress, notice: Notice, style: Style): string | undefined => {
  const step = `step ${progress.step}/${progress.record.settings.steps}`
  switch (notice._tag) {
    case "TestFinished":
      return notice.summary === undefined ? undefined : row(`test ${notice.when}`, Figures.summary(notice.summary))
    case "Evaluated":
      return notice.candidate === 0 ? row("validation", Figures.summary(notice.summary)) : undefined
    case "Proposed":
      return notice.warning === undefined ? undefined : row(step, style.warn(`note  ${Sanitize.line(notice.warning)}`))
    case "Accepted":
      return row(step, `${style.good("accepted")}  ${reason(notice.reason)}${train(progress)}`)
    case "Rejected":
      return row(step, `${style.warn("rejected")}  ${reason(notice.reason)}${train(progress)}`)
    case "ProposalDropped":
      return row(step, `${style.dim("dropped ")}  ${reason(notice.reason)}`)
    case "StepSkipped":
      return row(step, `${style.dim("skipped ")}  ${reason(notice.reason)}${train(progress)}`)
    default:
      return undefined
  }
}

const train = ({ train }: Progress): string => (train === undefined ? "" : `  (train ${Figures.score(train)})`)

const reason = (text: string): string => {
  const line = Sanitize.line(text).replaceAll("->", "→")
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`
}
