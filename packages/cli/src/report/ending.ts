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
  const { before, after } = record
  if (!RunRecord.changed(record)) return "The prompt was not improved: no proposal was kept."
  if (before === undefined || after === undefined) return "The prompt was changed; there is no test score to compare."
  if (after.mean < before.mean) return "The prompt was changed, but the test score got worse: keep the one before."
  if (after.mean === before.mean) return "The prompt was changed, but the test score did not improve."
  const rose = `The test score rose from ${Figures.score(before.mean)} to ${Figures.score(after.mean)}`
  return after.low > before.high
    ? `${rose}.`
    : `${rose}, but the intervals overlap: more test examples (--limit) would make it surer.`
}

const row = (title: string, text: string): string => `  ${title.padEnd(8)}${text}`

const scores = ({ before, after, ...record }: RunRecord.RunRecord, style: Style): ReadonlyArray<string> => {
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
    )
  ]
}

/**
 * The winner's curse: the best was chosen by its validation score, and of two that are equally good it is the luckier one
 * that is chosen. What it gained there and not on the test set is that luck, as far as the sets can tell.
 */
const luck = ({ before, after, validated }: RunRecord.RunRecord): ReadonlyArray<string> => {
  if (before === undefined || after === undefined || validated === undefined) return []
  const chosenBy = validated.after.mean - validated.before.mean
  const heldOut = after.mean - before.mean
  const [from, to] = [Figures.score(validated.before.mean), Figures.score(validated.after.mean)]
  const gains = `${signed(chosenBy)} where it was chosen, ${signed(heldOut)} on the test`
  const curse = chosenBy - heldOut
  return [
    row("chosen", `by validation, ${from} to ${to}`),
    row(
      "",
      curse < 0.005
        ? `gained ${gains}: no sign that it was chosen for its luck`
        : `gained ${gains}: ${Figures.score(curse)} of it may be the luck of the choice`
    )
  ]
}

const signed = (n: number): string => `${n < 0 ? "−" : "+"}${Figures.score(Math.abs(n))}`

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
  const worse = record.after !== undefined && record.before !== undefined && record.after.mean <= record.before.mean
  const paint = !RunRecord.changed(record) || worse ? style.warn : style.good
  const where = Sanitize.line(folder)
  return [
    ...changes(record, style, columns - 4),
    ...scores(record, style),
    ...(RunRecord.changed(record) ? luck(record) : []),
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
