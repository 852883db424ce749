/**
 * A run read back from its folder, finished or not.
 */
import { Event } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { FileUnreadable } from "../exit/errors.ts"
import { files, runsFolder } from "./RunFolder.ts"
import * as RunRecord from "./RunRecord.ts"

export interface Run {
  /** As the user would write it. */
  readonly folder: string
  readonly record: RunRecord.RunRecord
}

const decodeRecord = Schema.decodeUnknownEffect(RunRecord.Json)
const decodeEvent = Schema.decodeUnknownResult(Schema.fromJsonString(Event.Event))

/** The record in a folder. */
export const record = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<RunRecord.RunRecord, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = yield* Effect.mapError(
    fs.readFileString(path.join(folder, files.record)),
    () => new FileUnreadable({ message: `${folder} holds no run: there is no ${files.record} that can be read` })
  )
  return yield* Effect.mapError(
    decodeRecord(text),
    () => new FileUnreadable({ message: `${path.join(folder, files.record)} is no record of a run` })
  )
})

/** A run by its folder, or by its name under the current folder. */
export const find = Effect.fnUntraced(function* (
  run: string
): Effect.fn.Return<Run, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const folder of [run, path.join(runsFolder, run)]) {
    const there = yield* Effect.orElseSucceed(fs.exists(folder), () => false)
    if (there) return { folder, record: yield* record(folder) }
  }
  return yield* new FileUnreadable({ message: `there is no run "${run}" here, nor in ${runsFolder}` })
})

/** The events of a run. A last line that was cut off when the process died is left out. */
export const events = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<ReadonlyArray<Event.Event>, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, files.events)
  const text = yield* Effect.orElseSucceed(fs.readFileString(file), () => "")
  const lines = text.split("\n").filter((line) => line !== "")
  const known: Array<Event.Event> = []
  for (const [i, line] of lines.entries()) {
    const event = decodeEvent(line)
    if (Result.isSuccess(event)) known.push(event.success)
    else if (i < lines.length - 1) return yield* new FileUnreadable({ message: `${file}:${i + 1} is no event` })
  }
  return known
})

/** All runs under the current folder, the oldest first; folders that hold none are left out. */
export const all = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const names = yield* Effect.orElseSucceed(fs.readDirectory(runsFolder), (): Array<string> => [])
  const found = yield* Effect.forEach(names.toSorted(), (name) => Effect.option(find(`${runsFolder}/${name}`)))
  return found.flatMap((run) => (run._tag === "Some" ? [run.value] : []))
})
