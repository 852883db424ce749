/**
 * The folder of one run: `journal.log` and `events.jsonl` grow as the run goes on; `parameters.json` (the best so far)
 * and `run.json` are always whole.
 */
import { type Event, Secrets, type TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import { RunFolderUnusable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import * as EventFile from "./EventFile.ts"
import * as journal from "./journal.ts"
import * as RunRecord from "./RunRecord.ts"
import { writeWhole } from "./writeWhole.ts"

export interface RunFolder {
  /** As the user would write it. */
  readonly path: string
  readonly append: (
    event: Event.Event
  ) => Effect.Effect<EventFile.Kept, RunFolderUnusable | TextModelError.JournalMismatch>
  /** Whether a run that is resumed has told all that it had told before. */
  readonly caughtUp: Effect.Effect<boolean>
  readonly saveParameters: (values: RunRecord.RunRecord["best"]) => Effect.Effect<void, RunFolderUnusable>
  readonly saveRecord: (record: RunRecord.RunRecord) => Effect.Effect<void, RunFolderUnusable>
  /**
   * Takes the folder away again, with those above it that were made for it: as if the run had never been started. One
   * that was there before stays.
   */
  readonly discard: Effect.Effect<void>
}

/** Where runs are when nothing else is said, under the current folder. */
export const runsFolder = ".backprose/runs"

/** The files of a run. */
export const files = {
  events: "events.jsonl",
  journal: journal.file,
  lock: journal.lockFile,
  parameters: "parameters.json",
  record: "run.json"
} as const

const cannotBeWritten = (folder: string) => (error: PlatformError) =>
  new RunFolderUnusable({ message: `the run folder ${folder} cannot be written: ${fileProblem(error)}` })

/** The folder with its files open. `openStep`: see `EventFile.open`. */
const opened = Effect.fnUntraced(function* (folder: string, discard: Effect.Effect<void>, openStep?: number) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const unusable = cannotBeWritten(folder)
  const at = (name: string) => path.join(path.resolve(folder), name)
  const { maskAll } = yield* Secrets.Known
  const events = yield* Effect.mapError(EventFile.open(at(files.events), openStep), unusable)
  const write = (name: string, text: string) =>
    writeWhole(at(name), text).pipe(Effect.mapError(unusable), Effect.provideService(FileSystem.FileSystem, fs))
  return {
    path: folder,
    append: (event) =>
      Effect.mapError(events.append(event), (error) => (error._tag === "JournalMismatch" ? error : unusable(error))),
    caughtUp: events.caughtUp,
    saveParameters: (values) => write(files.parameters, pretty(maskAll(values))),
    saveRecord: (record) => write(files.record, pretty(JSON.parse(RunRecord.line(maskAll(record))))),
    discard
  } satisfies RunFolder
})

/** Makes the folder and proves that it can be written. A folder that holds anything already is refused. */
export const open = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<RunFolder, RunFolderUnusable, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const unusable = cannotBeWritten(folder)
  const whole = path.resolve(folder)

  const there = yield* Effect.mapError(existing(whole), unusable)
  if (there !== undefined && there.length > 0) {
    return yield* new RunFolderUnusable({ message: `the run folder ${folder} is not empty: name another by --run-dir` })
  }
  const made = there === undefined ? yield* missing(whole) : []
  const discard = Effect.gen(function* () {
    for (const name of Object.values(files)) yield* fs.remove(path.join(whole, name), { force: true })
    for (const one of made) {
      const inside = yield* fs.readDirectory(one)
      if (inside.length > 0) return
      yield* fs.remove(one, { recursive: true })
    }
  }).pipe(Effect.ignore)
  return yield* Effect.gen(function* () {
    // one by one: what another run has just made is not taken from it
    for (const one of made.toReversed()) yield* Effect.mapError(fs.makeDirectory(one), unusable)
    return yield* opened(folder, discard)
  }).pipe(Effect.tapError(() => discard))
})

/** Opens the folder of a run that is resumed; only who holds its journal may. */
export const reopen = Effect.fnUntraced(function* (
  folder: string,
  openStep: number
): Effect.fn.Return<RunFolder, RunFolderUnusable, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  return yield* opened(folder, Effect.void, openStep)
})

/** Refuses a folder in which a link, a pipe or anything else stands where a file of ours is, or may come to be. */
export const check = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<void, RunFolderUnusable, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const entries = yield* Effect.mapError(fs.readDirectoryEntries(folder), cannotBeWritten(folder))
  const strange = entries.find(
    ({ name, type }) => type !== "File" && Object.values(files).some((file) => name.startsWith(file))
  )
  if (strange !== undefined) {
    return yield* new RunFolderUnusable({
      message: `${path.join(folder, strange.name)} is no plain file: the run is left alone`
    })
  }
})

/** For people to look at, on a terminal too. */
export const pretty = (json: unknown): string => `${Sanitize.json(JSON.stringify(json, null, 2))}\n`

/** What is in a folder; `undefined` where there is none. */
const existing = (folder: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.flatMap(fs.exists(folder), (there) => (there ? fs.readDirectory(folder) : Effect.succeed(undefined)))
  )

/** The folder and those above it that are not there, the innermost first. */
const missing = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const all: Array<string> = []
  for (let at = folder; ; at = path.dirname(at)) {
    const there = yield* Effect.orElseSucceed(fs.exists(at), () => true)
    if (there) return all
    all.push(at)
  }
})
