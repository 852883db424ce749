/** The folder a file is in: made where it is missing, and its entries brought to the disk. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import { codeOf } from "./fileProblem.ts"

/** The folder of a path. */
export const of = (path: string): string => {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"))
  return end === -1 ? "." : end === 0 ? path.slice(0, 1) : path.slice(0, end)
}

/** Makes a folder and those above it, as far as they are missing. */
export const make = (folder: string): Effect.Effect<void, PlatformError, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeDirectory(folder, { recursive: true }))

/**
 * After this the entries of a folder and of those above it survive a power cut: all of them, as a process that made them
 * may have been killed before it came to this. Some platforms (Windows) let nobody open a folder, and keep their entries
 * in order themselves; there it does nothing.
 */
export const sync = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<void, PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  for (let at = folder, below = ""; at !== below; below = at, at = of(at)) {
    yield* fs.open(at, { flag: "r" }).pipe(
      Effect.flatMap((opened) => opened.sync),
      Effect.scoped,
      Effect.catchIf(
        (error) => !isOfTheDisk(error),
        () => Effect.void
      )
    )
  }
})

/** The disk failed. All else says that folders are not synced here, or that one above is nobody's business of ours. */
const isOfTheDisk = ({ reason }: PlatformError): boolean => {
  const code = codeOf(reason)
  return code === "EIO" || code === "ENOSPC" || code === "EDQUOT"
}
