/**
 * The folder of one study: `journal.log` and `attempts.jsonl` grow as it goes on, `study.json` is always whole. A study that
 * is gone on with tells its attempts over again, from its journal.
 */
import type { Attempt } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import { RunFolderUnusable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import * as StudyRecord from "./StudyRecord.ts"
import { writeWhole } from "./writeWhole.ts"

export interface StudyFolder {
  readonly append: (attempt: Attempt.Attempt) => Effect.Effect<void, RunFolderUnusable>
  readonly saveRecord: (record: StudyRecord.StudyRecord) => Effect.Effect<void, RunFolderUnusable>
}

/** Where studies are when nothing else is said, under the current folder. */
export const studiesFolder = ".backprose/studies"

/** The files of a study, beside its journal. */
export const files = { attempts: "attempts.jsonl", record: "study.json" } as const

/** Of questions that may not be copied: keeps nothing. */
export const none: StudyFolder = { append: () => Effect.void, saveRecord: () => Effect.void }

/** Makes the folder where it is not there. */
export const make = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<void, RunFolderUnusable, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true }), unusable(folder, "made"))
})

/** Opens the folder; only who holds its journal may. */
export const open = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<StudyFolder, RunFolderUnusable, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const cannotBeWritten = Effect.mapError(unusable(folder, "written"))
  const at = (name: string) => path.join(path.resolve(folder), name)
  // made anew, since a link that somebody laid there would be written through
  const attempts = yield* fs
    .remove(at(files.attempts), { force: true })
    .pipe(Effect.andThen(fs.open(at(files.attempts), { flag: "wx" })), cannotBeWritten)
  const bytes = (line: string) => new TextEncoder().encode(`${line}\n`)
  return {
    append: (attempt) => cannotBeWritten(attempts.writeAll(bytes(StudyRecord.attemptLine(attempt)))),
    saveRecord: (record) =>
      writeWhole(at(files.record), `${StudyRecord.recordLine(record)}\n`).pipe(
        cannotBeWritten,
        Effect.provideService(FileSystem.FileSystem, fs)
      )
  }
})

const unusable = (folder: string, what: "made" | "written") => (error: PlatformError) =>
  new RunFolderUnusable({ message: `the folder ${folder} cannot be ${what}: ${fileProblem(error)}` })
