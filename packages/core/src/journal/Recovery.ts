/** A journal's file as it is found: read, and brought into a state in which it can be added to. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import * as Folder from "./Folder.ts"
import { fileProblem } from "./fileProblem.ts"
import { JournalUnreadable } from "./JournalError.ts"
import * as Reading from "./Reading.ts"

const pieceBytes = 4 * 1024 * 1024

/** What a file holds. Nothing is changed in it. */
export const read = Effect.fnUntraced(function* (
  path: string,
  file: FileSystem.File
): Effect.fn.Return<Reading.Found, JournalUnreadable> {
  const refused = ({ line, reason }: Reading.Refused) =>
    new JournalUnreadable({ message: `${path}, line ${line}: ${reason}; it was left as it is`, path, line })
  const reader = Reading.make()
  let position = 0n
  while (true) {
    const piece = yield* Effect.mapError(
      file.readAlloc(pieceBytes, { position }),
      (error) => new JournalUnreadable({ message: `the journal ${path} cannot be read: ${fileProblem(error)}`, path })
    )
    if (Option.isNone(piece)) break
    position += BigInt(piece.value.length)
    const wrong = reader.take(piece.value)
    if (wrong !== undefined) return yield* refused(wrong)
  }
  const found = reader.end()
  return "reason" in found ? yield* refused(found) : found
})

/** Cuts off what is not whole. Where that is more than a crash leaves behind, the file is kept beside it first. */
export const repair = Effect.fnUntraced(function* (
  path: string,
  file: FileSystem.File,
  { records, rest, whole }: Reading.Found
): Effect.fn.Return<void, PlatformError, FileSystem.FileSystem> {
  if (rest === "nothing") return
  if (rest !== "unfinished") {
    const copy = yield* keepCopy(path)
    yield* Effect.logWarning(
      `the journal ${path} is damaged from line ${rest.damagedFrom} on: ${records.length} records before it are kept, ` +
        `what came after them is asked again; the file as it was is now ${copy}`
    )
  }
  yield* file.truncate(whole)
})

const keepCopy = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  let copy = `${path}.damaged`
  for (let i = 2; yield* fs.exists(copy); i++) copy = `${path}.damaged-${i}`
  yield* fs.copyFile(path, copy).pipe(
    Effect.andThen(Effect.flatMap(fs.open(copy, { flag: "r+" }), (file) => file.sync)),
    // half a copy is none, and this one is made again next time
    Effect.onError(() => Effect.ignore(fs.remove(copy, { force: true })))
  )
  yield* Folder.sync(Folder.of(path))
  return copy
}, Effect.scoped)
