/**
 * A run read back from its folder, finished or not.
 */
import type { Event } from "@backprose/core"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { FileUnreadable } from "../exit/errors.ts"
import * as EventFile from "./EventFile.ts"
import { folderNamed, foldersIn } from "./folders.ts"
import * as journal from "./journal.ts"
import * as plainFile from "./plainFile.ts"
import { files, runsFolder } from "./RunFolder.ts"
import * as RunRecord from "./RunRecord.ts"

export interface Run {
  /** As the user would write it. */
  readonly folder: string
  /** As it stands in the folder, but for the status of a run that nobody runs any more. */
  readonly record: RunRecord.RunRecord
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()
const decode = Schema.decodeUnknownEffect(RunRecord.Json)

/** The record in a folder. `strict`: fields that this version does not know are refused. */
export const record = Effect.fnUntraced(function* (
  folder: string,
  options: { readonly strict: boolean } = { strict: false }
): Effect.fn.Return<RunRecord.RunRecord, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const file = (yield* Path.Path).join(folder, files.record)
  const found = yield* plainFile.read(file)
  if (found === undefined) {
    return yield* new FileUnreadable({
      message: `${folder} holds no run: there is no ${files.record} that can be read`
    })
  }
  return yield* Effect.mapError(
    decode(new TextDecoder().decode(found), { onExcessProperty: options.strict ? "error" : "ignore" }),
    ({ issue }) => {
      const [wrong] = format(issue).issues
      const field = (wrong?.path ?? []).map((part) => (typeof part === "object" ? part.key : part)).join(".")
      const where = field === "" ? "" : `: its "${field}" is not known here, or not as it should be`
      return new FileUnreadable({ message: `${file} is no record of a run${where}` })
    }
  )
})

/** A run by its folder, or by its name under the current folder. */
export const find = Effect.fnUntraced(function* (
  run: string
): Effect.fn.Return<Run, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const folder = yield* folderNamed(run, runsFolder)
  if (folder !== undefined) return { folder, record: yield* current(folder, yield* record(folder)) }
  return yield* new FileUnreadable({ message: `there is no run "${run}" here, nor in ${runsFolder}` })
})

const current = Effect.fnUntraced(function* (folder: string, known: RunRecord.RunRecord) {
  if (known.status === "finished") return known
  const live = yield* journal.isLive(folder)
  return live
    ? { ...known, status: "running" as const }
    : known.status === "running"
      ? { ...known, status: "stopped" as const }
      : known
})

/** The events of a run, up to a line that was cut off when the process died. */
export const events = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<ReadonlyArray<Event.Event>, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const file = (yield* Path.Path).join(folder, files.events)
  const found = yield* plainFile.read(file)
  if (found === undefined) return []
  const { lines, end } = EventFile.read(found)
  // only the last one may be torn
  if (found.indexOf(10, end) >= 0) {
    return yield* new FileUnreadable({ message: `${file}:${lines.length + 1} is no event` })
  }
  return lines.map(({ event }) => event)
})

/** All runs under the current folder, the oldest first; links, and folders that hold none, are left out. */
export const all = Effect.gen(function* () {
  const found = yield* Effect.forEach(yield* foldersIn(runsFolder), (folder) => Effect.option(find(folder)))
  return found.flatMap(Option.toArray)
})
