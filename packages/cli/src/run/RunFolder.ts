/**
 * The folder of one run: `events.jsonl` grows as the run goes on; `parameters.json` (the best so far) and `run.json` are
 * always whole.
 */
import { Event } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { RunFolderUnusable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as Sanitize from "../terminal/Sanitize.ts"
import * as RunRecord from "./RunRecord.ts"
import { writeWhole } from "./writeWhole.ts"

export interface RunFolder {
  /** As the user would write it. */
  readonly path: string
  readonly append: (event: Event.Event) => Effect.Effect<void, RunFolderUnusable>
  readonly saveParameters: (values: RunRecord.RunRecord["best"]) => Effect.Effect<void, RunFolderUnusable>
  readonly saveRecord: (record: RunRecord.RunRecord) => Effect.Effect<void, RunFolderUnusable>
  /** Takes the folder away again, with those above it that were made for it: as if the run had never been started. */
  readonly discard: Effect.Effect<void>
}

/** Where runs are when nothing else is said, under the current folder. */
export const runsFolder = ".backprose/runs"

/** The files of a run. */
export const files = { events: "events.jsonl", parameters: "parameters.json", record: "run.json" } as const

const encodeEvent = Schema.encodeSync(Schema.fromJsonString(Event.Event))

/** An event as a line of JSON, as it stands in `events.jsonl` and on standard output under `--json`. */
export const eventLine = (event: Event.Event): string => Sanitize.json(encodeEvent(event))

/** Makes the folder and proves that it can be written. A folder that holds anything already is refused. */
export const open = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<RunFolder, RunFolderUnusable, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const unusable = (error: PlatformError) =>
    new RunFolderUnusable({ message: `the run folder ${folder} cannot be written: ${fileProblem(error)}` })
  const whole = path.resolve(folder)
  const at = (name: string) => path.join(whole, name)

  const there = yield* Effect.mapError(existing(whole), unusable)
  if (there !== undefined && there.length > 0) {
    return yield* new RunFolderUnusable({ message: `the run folder ${folder} is not empty: name another by --run-dir` })
  }
  const made = there === undefined ? yield* missing(whole) : []
  const discard = Effect.gen(function* () {
    for (const name of Object.values(files)) yield* fs.remove(at(name), { force: true })
    for (const one of made) {
      const inside = yield* fs.readDirectory(one)
      if (inside.length > 0) return
      yield* fs.remove(one, { recursive: true })
    }
  }).pipe(Effect.ignore)
  const events = yield* Effect.gen(function* () {
    // one by one: what another run has just made is not taken from it
    for (const one of made.toReversed()) yield* fs.makeDirectory(one)
    return yield* fs.open(at(files.events), { flag: "a" })
  }).pipe(
    Effect.mapError(unusable),
    Effect.tapError(() => discard)
  )
  const write = (name: string, text: string) =>
    writeWhole(at(name), text).pipe(Effect.mapError(unusable), Effect.provideService(FileSystem.FileSystem, fs))
  return {
    path: folder,
    append: (event) => Effect.mapError(events.writeAll(new TextEncoder().encode(`${eventLine(event)}\n`)), unusable),
    saveParameters: (values) => write(files.parameters, `${JSON.stringify(values, null, 2)}\n`),
    saveRecord: (record) => write(files.record, `${pretty(RunRecord.line(record))}\n`),
    discard
  }
})

const pretty = (json: string): string => JSON.stringify(JSON.parse(json), null, 2)

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
