/** `backprose show <run>` */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ending from "../report/ending.ts"
import * as Imported from "../report/imported.ts"
import * as Opening from "../report/opening.ts"
import * as Progress from "../report/Progress.ts"
import * as Lines from "../report/progressLines.ts"
import * as studied from "../report/studied.ts"
import * as wayBack from "../report/wayBack.ts"
import * as RunRecord from "../run/RunRecord.ts"
import * as readRun from "../run/readRun.ts"
import * as readStudy from "../run/readStudy.ts"
import * as StudyRecord from "../run/StudyRecord.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

export const show = Command.make(
  "show",
  {
    run: Argument.String("run").pipe(Argument.withDescription("the folder of a run or a study, or its name in `runs`")),
    json: flags.json
  },
  Effect.fnUntraced(function* (given) {
    const screen = yield* Screen
    const study = yield* readStudy.find(given.run)
    if (Option.isSome(study)) {
      const { record } = study.value
      const lines = given.json ? [StudyRecord.recordLine(record)] : studied.lines(record, screen.outStyle)
      return yield* Effect.forEach(lines, (line) => screen.out(line), { discard: true })
    }
    const { folder, record } = yield* readRun.find(given.run)
    if (given.json) return yield* screen.out(RunRecord.line(record))
    const style = screen.outStyle
    let progress = Progress.initial(record)
    const opening =
      record.imported === undefined
        ? Opening.lines(record, folder, style)
        : Imported.opening(record, record.imported, { folder, style })
    for (const line of opening) yield* screen.out(line)
    const notices = [
      ...Lines.tested("before", record.before),
      ...(yield* readRun.events(folder)),
      ...Lines.tested("after", record.after)
    ]
    for (const notice of notices) {
      const line = Lines.lasting(progress, notice, style)
      if (line !== undefined) yield* screen.out(line)
      progress = Progress.next(progress, notice)
    }
    const columns = yield* screen.outColumns
    const where = { folder, resume: yield* wayBack.command(folder, record) }
    for (const line of ["", ...Ending.lines(record, where, { style, columns })]) yield* screen.out(line)
  })
).pipe(Command.withDescription("Print a run or a study again, finished or not"))
