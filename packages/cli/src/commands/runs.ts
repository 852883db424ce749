/** `backprose runs` */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Figures from "../report/figures.ts"
import * as Imported from "../report/imported.ts"
import { invocation } from "../report/invocation.ts"
import * as Studied from "../report/studied.ts"
import * as table from "../report/table.ts"
import * as wayBack from "../report/wayBack.ts"
import { runsFolder } from "../run/RunFolder.ts"
import * as RunRecord from "../run/RunRecord.ts"
import * as readRun from "../run/readRun.ts"
import * as readStudy from "../run/readStudy.ts"
import { studiesFolder } from "../run/StudyFolder.ts"
import * as StudyRecord from "../run/StudyRecord.ts"
import { Screen } from "../terminal/Screen.ts"
import type { Style } from "../terminal/Style.ts"
import * as flags from "./flags.ts"

const score = (summary: { readonly mean: number } | undefined): string =>
  summary === undefined ? "–" : Figures.score(summary.mean)

const listed = (what: string, scored: string, rows: ReadonlyArray<ReadonlyArray<string>>, style: Style) =>
  table.lines([what, "status", scored, "", "time", "model"], rows, style)

export const runs = Command.make(
  "runs",
  { json: flags.json },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const all = yield* readRun.all
    const studies = yield* readStudy.all
    if (given.json) {
      for (const { record } of all) yield* screen.out(RunRecord.line(record))
      for (const { record } of studies) yield* screen.out(StudyRecord.recordLine(record))
      return
    }
    if (all.length + studies.length === 0)
      return yield* screen.err(`no runs in ${runsFolder} yet: ${invocation()} optimize triage`)
    const rows = all.map(({ folder, record }) => [
      folder.slice(runsFolder.length + 1),
      record.status,
      `${score(record.before)} → ${score(record.after)}`,
      record.imported === undefined ? `n ${record.sizes.test}` : "",
      Figures.duration(record.elapsedMs),
      record.imported === undefined ? record.models.forward : `(${Imported.program(record.imported)})`
    ])
    const studied = studies.map(({ folder, record }) => Studied.row(folder.slice(studiesFolder.length + 1), record))
    const lines = [
      ...(rows.length === 0 ? [] : listed("run", "test score", rows, screen.outStyle)),
      ...(rows.length === 0 || studied.length === 0 ? [] : [""]),
      ...(studied.length === 0 ? [] : listed("study", "answers", studied, screen.outStyle))
    ]
    for (const line of lines) yield* screen.out(line)
    const open = all.filter(({ record }) => record.status !== "finished" && record.status !== "running").at(-1)
    const again = open === undefined ? undefined : yield* wayBack.command(open.folder, open.record)
    if (again !== undefined) yield* screen.err(screen.errStyle.dim(`  to go on with the last that is open: ${again}`))
  })
).pipe(Command.withDescription(`List the runs in ${runsFolder}, and the studies of solve in ${studiesFolder}`))
