/**
 * Progress in words: the one live line, and the lines that stay.
 */
import type { Event } from "@backprose/core"
import * as Allowance from "../models/Allowance.ts"
import type { Notice, When } from "../optimize/Notice.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import * as Objectives from "../strategy/objectives.ts"
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

const row = (title: string, rest: string): string => `  ${title.padEnd(wide)}${rest}`.trimEnd()

/** What is said before the first model call. */
export const opening = ({ record }: Progress, folder: string, style: Style): ReadonlyArray<string> => {
  const { models, sizes, settings } = record
  const others = [
    models.backward === models.forward ? "" : `backward ${models.backward}`,
    models.optimizer === models.backward ? "" : `optimizer ${models.optimizer}`
  ].filter((other) => other !== "")
  const plain = (text: string) => Sanitize.line(text)
  const most = Allowance.words(settings)
  return [
    style.bold(`Optimising ${plain(record.task)}`),
    row(
      "model",
      plain([models.forward, ...others, ...(models.baseUrl === undefined ? [] : [`at ${models.baseUrl}`])].join(", "))
    ),
    row("examples", `${sizes.train} to train, ${sizes.validation} to validate, ${sizes.test} held out for the test`),
    row(
      "plan",
      `${Figures.of(settings.steps, "step")} of ${Figures.of(settings.batchSize, "example")}, ${settings.optimizer}, ${settings.selector}, seed ${settings.seed}` +
        (most === undefined ? "" : `, at most ${most}`)
    ),
    ...search(settings),
    row("run", plain(folder)),
    ""
  ]
}

/** How wide a step searches, where it is wider than one proposal, and what counts. */
const search = ({
  accept,
  auto,
  minibatchGate,
  objectives,
  parents = 1,
  proposals = 1,
  samples = 1,
  temperature
}: RunRecord["settings"]) => {
  const parts = [
    ...(parents === 1 && proposals === 1
      ? []
      : [`${Figures.of(proposals, "proposal")} a step${parents === 1 ? "" : ` for each of ${parents} parents`}`]),
    ...(minibatchGate === undefined ? [] : [`minibatch gate ${minibatchGate}`]),
    ...(accept === undefined ? [] : [`accepts ${accept}`]),
    ...(samples === 1 ? [] : [`${samples} tries a validation example`]),
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(objectives === undefined ? [] : [`objective ${Objectives.render(objectives)}`]),
    ...(auto === undefined ? [] : [`by --auto ${auto}`])
  ]
  return parts.length === 0 ? [] : [row("search", parts.join(", "))]
}

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
