/**
 * A file that is there whole or not at all: written beside its place, brought to the disk, then moved there.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"

export const writeWhole = Effect.fnUntraced(function* (
  path: string,
  text: string
): Effect.fn.Return<void, PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const beside = `${path}.part`
  const remove = fs.remove(beside, { force: true })
  yield* Effect.gen(function* () {
    // what a killed process left, or somebody laid there: a link would be written through
    yield* remove
    const file = yield* fs.open(beside, { flag: "wx" })
    yield* file.writeAll(new TextEncoder().encode(text))
    yield* file.sync
  }).pipe(
    Effect.scoped,
    Effect.andThen(fs.rename(beside, path)),
    Effect.tapError(() => Effect.ignore(remove)),
    Effect.uninterruptible
  )
})
