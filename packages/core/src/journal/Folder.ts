/** The folder a file is in: made where it is missing, and its entries brought to the disk. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"

/** The folder of a path. */
export const of = (path: string): string => {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"))
  return end === -1 ? "." : end === 0 ? path.slice(0, 1) : path.slice(0, end)
}

/**
 * After this the entries of a folder (which files there are) survive a power cut. Some platforms (Windows) open no
 * folders, and keep their entries in order themselves; there it does nothing.
 */
export const sync = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<void, PlatformError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const opened = yield* Effect.option(fs.open(folder, { flag: "r" }))
  if (opened._tag === "Some") yield* opened.value.sync
}, Effect.scoped)

/** Makes a folder and those above it, as far as they are missing, so that they survive a power cut. */
export const make = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<void, PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const missing: Array<string> = []
  for (let at = folder; !(yield* fs.exists(at)) && at !== of(at); at = of(at)) missing.push(at)
  if (missing.length === 0) return
  yield* fs.makeDirectory(folder, { recursive: true })
  for (const one of missing) yield* sync(of(one))
})
