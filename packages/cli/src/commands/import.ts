/** `backprose import <log>` */
import * as ImportedRun from "@backprose/tasks/textgradLog/ImportedRun"
import * as TextGradLog from "@backprose/tasks/textgradLog/TextGradLog"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Stream from "effect/Stream"
import { FileUnreadable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as Figures from "../report/figures.ts"
import { invocation } from "../report/invocation.ts"
import { quoted } from "../report/wayBack.ts"
import * as importedRecord from "../run/importedRecord.ts"
import * as RunFolder from "../run/RunFolder.ts"
import * as RunRecord from "../run/RunRecord.ts"
import * as RunName from "../run/runName.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import { Screen } from "../terminal/Screen.ts"
import * as flags from "./flags.ts"

const read = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* TextGradLog.read(fs.stream(file).pipe(Stream.decodeText, Stream.splitLines)).pipe(
    Effect.catchTags({
      PlatformError: (error) => new FileUnreadable({ message: `${file}: cannot be read: ${fileProblem(error)}` }),
      LogInvalid: ({ line, problem }) => new FileUnreadable({ message: `${file}:${line}: ${problem}` })
    })
  )
})

type Account = Effect.Success<ReturnType<typeof read>>

const keep = Effect.fnUntraced(function* (path: string, run: ImportedRun.ImportedRun, record: RunRecord.RunRecord) {
  const folder = yield* RunFolder.open(path)
  yield* Effect.forEach(run.events, folder.append, { discard: true }).pipe(
    Effect.andThen(folder.saveParameters(record.best)),
    Effect.andThen(folder.saveRecord(record)),
    Effect.tapError(() => folder.discard)
  )
})

/** What of the log was left out, and the messages that came most often. */
const leftOut = ({ torn, unknown }: Account): ReadonlyArray<string> => {
  const messages = [...Map.groupBy(unknown, ({ message }) => message)].toSorted(([, a], [, b]) => b.length - a.length)
  const most = messages
    .slice(0, 3)
    .map(([message, { length }]) => `"${Sanitize.line(message).slice(0, 60)}" (${length})`)
  const list = messages.length > most.length ? [...most, "…"] : most
  return [
    ...(list.length === 0 ? [] : [`  ${Figures.of(unknown.length, "record")} not understood: ${list.join(", ")}`]),
    ...(torn === undefined ? [] : [`  line ${torn}, the last, is cut off`])
  ]
}

export const importLog = Command.make(
  "import",
  {
    log: Argument.String("log").pipe(Argument.withDescription("a .jsonl file that TextGrad wrote to its folder logs")),
    runDir: Flag.String("run-dir").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription(`where the run is kept (default: a new folder in ${RunFolder.runsFolder})`),
      flags.maybe
    ),
    json: flags.json
  },
  Effect.fnUntraced(function* ({ json, log, runDir }) {
    const screen = yield* Screen
    const path = yield* Path.Path
    const account = yield* read(log)
    const named = { run: yield* RunName.make("textgrad", account.startedAt), task: path.basename(log) }
    const run = ImportedRun.of(account, named)
    if (run === undefined) {
      const seen = `${Figures.of(account.records, "record")}, but no update of a variable`
      return yield* new FileUnreadable({ message: `${log}: there is no run in it: ${seen}` })
    }
    const record = importedRecord.make(account, run, named)
    const folder = runDir ?? `${RunFolder.runsFolder}/${named.run}`
    yield* Effect.scoped(keep(folder, run, record))
    for (const line of leftOut(account)) yield* screen.err(screen.errStyle.dim(line))
    if (json) return yield* screen.out(RunRecord.line(record))
    const found = [
      Figures.of(run.steps, "step"),
      Figures.of(Object.keys(run.initial).length, "variable"),
      Figures.of(run.calls, "call")
    ]
    yield* screen.out(`Taken from ${Sanitize.line(log)}: ${found.join(", ")}`)
    yield* screen.out(`  run   ${Sanitize.line(folder)}`)
    for (const name of ["show", "diff"]) yield* screen.out(`  ${name}  ${invocation()} ${name} ${quoted(folder)}`)
  })
).pipe(Command.withDescription("Take a run of Python TextGrad from its log"))
