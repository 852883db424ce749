/** `backprose runs` */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Figures from "../report/figures.ts"
import * as Imported from "../report/imported.ts"
import { invocation } from "../report/invocation.ts"
import * as table from "../report/table.ts"
import * as wayBack from "../report/wayBack.ts"
import { runsFolder } from "../run/RunFolder.ts"
import * as RunRecord from "../run/RunRecord.ts"
import * as readRun from "../run/readRun.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const score = (summary: { readonly mean: number } | undefined): string =>
  summary === undefined ? "–" : Figures.score(summary.mean)

export const runs = Command.make(
  "runs",
  { json: flags.json },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const all = yield* readRun.all
    if (given.json) {
      for (const { record } of all) yield* screen.out(RunRecord.line(record))
      return
    }
    if (all.length === 0) return yield* screen.err(`no runs in ${runsFolder} yet: ${invocation()} optimize triage`)
    const rows = all.map(({ folder, record }) => [
      folder.slice(runsFolder.length + 1),
      record.status,
      `${score(record.before)} → ${score(record.after)}`,
      record.imported === undefined ? `n ${record.sizes.test}` : "",
      Figures.duration(record.elapsedMs),
      record.imported === undefined ? record.models.forward : `(${Imported.program(record.imported)})`
    ])
    for (const line of table.lines(["run", "status", "test score", "", "time", "model"], rows, screen.outStyle)) {
      yield* screen.out(line)
    }
    const open = all.filter(({ record }) => record.status !== "finished" && record.status !== "running").at(-1)
    const again = open === undefined ? undefined : yield* wayBack.command(open.folder, open.record)
    if (again !== undefined) yield* screen.err(screen.errStyle.dim(`  to go on with the last that is open: ${again}`))
  })
).pipe(Command.withDescription(`List the runs in ${runsFolder}`))
