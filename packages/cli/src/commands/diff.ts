/** `backprose diff <run>` */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Figures from "../report/figures.ts"
import * as lineage from "../report/lineage.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import * as readRun from "../run/readRun.ts"
import * as Diff from "../terminal/Diff.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const textOf = (value: unknown): string =>
  Sanitize.text(typeof value === "string" ? value : JSON.stringify(value, null, 2))

/** What changed between the initial parameters and the best, each parameter with how it came about. */
const changesOf = ({ best, candidate, initial }: RunRecord, events: Parameters<typeof lineage.of>[0]) =>
  Object.keys(initial).flatMap((parameter) => {
    const [before, after] = [initial[parameter], best[parameter]]
    return JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [{ parameter, before, after, lineage: lineage.of(events, candidate, parameter) }]
  })

/** A change in one line; `--json` has its reason whole. */
const line = (
  { kept, mergedWith, reason, step, validation }: lineage.Change,
  { style, width }: Diff.Options
): string => {
  const all = Sanitize.line(reason)
  const room = Math.max(20, width - 30)
  const words = all.length <= room ? all : `${all.slice(0, room - 1)}…`
  const said = mergedWith === undefined ? words : `taken over from candidate ${mergedWith}`
  const score = validation === undefined ? Sanitize.line(kept ?? "") : `validation ${Figures.score(validation)}`
  return `  ${style.dim(`step ${step}`.padEnd(9))}${said === "" ? "(no reason was given)" : said}${style.dim(score === "" ? "" : `  ${score}`)}`
}

/** What it was made from; `--json` has all that was said. */
const origin = ({ examples, feedback }: lineage.Change): string =>
  `from ${examples.length === 1 ? "example" : "examples"} ${examples.join(", ")} of the training set` +
  (feedback.length === 0 ? "" : `, ${Figures.of(feedback.length, "criticism")}`)

export const diff = Command.make(
  "diff",
  {
    run: Argument.String("run").pipe(Argument.withDescription("a run's folder, or its name as `runs` lists it")),
    json: flags.json
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const { folder, record } = yield* readRun.find(given.run)
    const changes = changesOf(record, yield* readRun.events(folder))
    if (given.json) {
      const { candidate, run } = record
      return yield* screen.out(Sanitize.json(JSON.stringify({ run, candidate, parameters: changes })))
    }
    if (changes.length === 0) return yield* screen.err(`nothing was changed in ${Sanitize.line(folder)}`)
    const style = screen.outStyle
    const width = (yield* screen.outColumns) - 4
    for (const { after, before, lineage, parameter } of changes) {
      yield* screen.out(style.bold(Sanitize.line(parameter)))
      for (const text of Diff.lines(textOf(before), textOf(after), { style, width })) yield* screen.out(`  ${text}`)
      if (lineage.length > 0) yield* screen.out("")
      for (const change of lineage) {
        yield* screen.out(line(change, { style, width }))
        if (change.examples.length > 0) yield* screen.out(style.dim(`           ${origin(change)}`))
      }
      yield* screen.out("")
    }
  })
).pipe(Command.withDescription("Show what a run changed, from the initial prompt to the best, and in which steps"))
