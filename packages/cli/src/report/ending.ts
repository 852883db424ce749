/**
 * What a run came to: the prompt before and after, the test score before and after, what it cost, and where it is.
 */
import * as RunRecord from "../run/RunRecord.ts"
import * as Diff from "../terminal/Diff.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import type { Style } from "../terminal/Style.ts"
import * as Figures from "./figures.ts"
import * as Imported from "./imported.ts"
import { invocation } from "./invocation.ts"

const textOf = (value: unknown): string =>
  Sanitize.text(typeof value === "string" ? value : JSON.stringify(value, null, 2))

const changes = ({ initial, best }: RunRecord.RunRecord, style: Style, width: number): ReadonlyArray<string> =>
  Object.keys(initial).flatMap((name) => {
    const [before, after] = [textOf(initial[name]), textOf(best[name])]
    const title = style.bold(Sanitize.line(name))
    return before === after
      ? [
          `${title}, unchanged`,
          ...Diff.lines(before, before, { style, width }).map((line) => `  ${line}`.trimEnd()),
          ""
        ]
      : [title, ...Diff.lines(before, after, { style, width }).map((line) => `  ${line}`), ""]
  })

/** In one sentence, without flattery: whether the held-out score got better. */
export const verdict = (record: RunRecord.RunRecord): string => {
  const { after, before, gain } = record
  if (!RunRecord.changed(record)) return "The prompt was not improved: no proposal was kept."
  if (before === undefined || after === undefined) return "The prompt was changed; there is no test score to compare."
  const won = gained(record)
  if (won < 0) return "The prompt was changed, but the test score got worse: keep the one before."
  if (won === 0) return "The prompt was changed, but the test score did not improve."
  const rose = `The test score rose from ${Figures.score(before.mean)} to ${Figures.score(after.mean)}`
  return gain === undefined || (gain.low > 0 && gain.p < 0.05)
    ? `${rose}.`
    : `${rose}, which may be chance: more test examples (--limit) would make it surer.`
}

/** On the same examples, where that is known. */
const gained = ({ after, before, gain }: RunRecord.RunRecord): number =>
  gain?.gain ?? (after?.mean ?? 0) - (before?.mean ?? 0)

const row = (title: string, text: string): string => `  ${title.padEnd(8)}${text}`

const scores = ({ before, after, gain, ...record }: RunRecord.RunRecord, style: Style): ReadonlyArray<string> => {
  if (record.imported !== undefined) return [style.bold("Test score"), "  not in the log"]
  if (record.sizes.test === 0) return [style.bold("Test score"), "  the task has no test set"]
  const missing = record.status === "budget" ? "not measured: the budget is used up" : "not measured"
  const unchanged = JSON.stringify(record.initial) === JSON.stringify(record.best)
  return [
    style.bold("Test score"),
    row("before", before === undefined ? missing : Figures.summary(before)),
    row(
      "after",
      after !== undefined
        ? Figures.summary(after)
        : unchanged && before !== undefined
          ? "the same: nothing was changed"
          : missing
    ),
    ...(gain === undefined ? [] : [row("gain", Figures.gain(gain))])
  ]
}

/**
 * The winner's curse: the best was chosen by its validation score, and of two that are equally good it is the luckier one
 * that is chosen. Said only where the sets are large enough to tell.
 */
const chosen = ({ luck, validated }: RunRecord.RunRecord): ReadonlyArray<string> => {
  if (validated === undefined) return []
  const { after, before } = validated
  return [
    row("chosen", `by validation, ${Figures.score(before.mean)} to ${Figures.score(after.mean)}`),
    ...(luck === undefined || luck.low <= 0
      ? []
      : [
          row(
            "luck",
            `${Figures.score(luck.luck)} (${Figures.score(luck.low)} to ${Figures.score(luck.high)}) of the gain in validation is not there on the test`
          )
        ])
  ]
}

/** Where a run is, and the command that goes on with it. */
export interface Where {
  readonly folder: string
  readonly resume: string | undefined
}

export interface Look {
  readonly style: Style
  readonly columns: number
}

const endings: { readonly [status in RunRecord.Status]: string } = {
  running: "The run has not ended; this is the best so far.",
  stopped: "The run stopped without a word; this is the best it had.",
  finished: "",
  budget: "The run ended because its budget was used up; this is the best it had.",
  interrupted: "The run was interrupted; this is the best it had.",
  failed: "The run failed; this is the best it had."
}

/** The whole ending, as lines. */
export const lines = (
  record: RunRecord.RunRecord,
  { folder, resume }: Where,
  { style, columns }: Look
): ReadonlyArray<string> => {
  const worse = record.after !== undefined && record.before !== undefined && gained(record) <= 0
  const paint = !RunRecord.changed(record) || worse ? style.warn : style.good
  const where = Sanitize.line(folder)
  return [
    ...changes(record, style, columns - 4),
    ...scores(record, style),
    ...(RunRecord.changed(record) && record.after !== undefined ? chosen(record) : []),
    "",
    ...(endings[record.status] === "" ? [] : [style.warn(endings[record.status])]),
    ...(record.error === undefined ? [] : [style.bad(Sanitize.line(record.error))]),
    ...(record.imported === undefined ? [] : Imported.caveats(record, record.imported)),
    paint(verdict(record)),
    "",
    row(
      "cost",
      record.imported === undefined
        ? Figures.cost(record.usage, record.elapsedMs, record.spend, record.cached)
        : Imported.cost(record)
    ),
    row("run", where),
    row("again", `${invocation()} show ${where}`),
    ...(resume === undefined ? [] : [row("resume", resume)])
  ]
}
