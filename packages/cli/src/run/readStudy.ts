/**
 * A study read back from its folder, finished or not: one that is not has a report of the attempts so far.
 */
import { Attempt, StudyReport } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { FileUnreadable } from "../exit/errors.ts"
import { folderNamed, foldersIn } from "./folders.ts"
import * as journal from "./journal.ts"
import * as plainFile from "./plainFile.ts"
import { files, studiesFolder } from "./StudyFolder.ts"
import * as StudyRecord from "./StudyRecord.ts"

export interface Study {
  /** As the user would write it. */
  readonly folder: string
  readonly record: StudyRecord.StudyRecord
}

const decodeRecord = Schema.decodeUnknownOption(StudyRecord.Json)
const decodeAttempt = Schema.decodeUnknownOption(Schema.fromJsonString(Attempt.Attempt))

/** Up to a line that was cut off when the process died. */
const attempts = Effect.fnUntraced(function* (file: string) {
  const text = new TextDecoder().decode(yield* plainFile.read(file))
  const read = text.split("\n").map((line) => decodeAttempt(line))
  const end = read.findIndex(Option.isNone)
  return read.slice(0, end < 0 ? read.length : end).flatMap(Option.toArray)
})

/** The study in a folder; none where the folder has no `study.json`. */
const read = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<Option.Option<Study>, FileUnreadable, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const file = path.join(folder, files.record)
  const found = yield* plainFile.read(file)
  if (found === undefined) return Option.none()
  const known = decodeRecord(new TextDecoder().decode(found))
  if (Option.isNone(known)) return yield* new FileUnreadable({ message: `${file} is no record of a study` })
  const record = known.value
  if (record.status === "finished") return Option.some({ folder, record })
  const status = (yield* journal.isLive(folder)) ? "running" : record.status === "running" ? "stopped" : record.status
  const report = yield* StudyReport.make(record.task, yield* attempts(path.join(folder, files.attempts)))
  return Option.some({ folder, record: { ...record, status, report } })
})

/** A study by its folder, or by its name under the current folder; none where there is no study of that name. */
export const find = Effect.fnUntraced(function* (name: string) {
  const folder = yield* folderNamed(name, studiesFolder)
  return folder === undefined ? Option.none() : yield* read(folder)
})

/** All studies under the current folder, the oldest first; what cannot be read is left out. */
export const all = Effect.gen(function* () {
  const found = yield* Effect.forEach(yield* foldersIn(studiesFolder), (folder) =>
    Effect.orElseSucceed(read(folder), () => Option.none())
  )
  return found.flatMap(Option.toArray)
})
