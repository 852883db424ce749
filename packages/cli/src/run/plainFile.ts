/**
 * Files of a folder that may have come from anywhere: a link would lead out of it, a pipe or a device would never end.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"

/** No record, list of events or journal that we wrote is larger than this. */
const largest = 2 ** 31

/** Whether there is a plain file at a path: `absent`, `plain`, or `strange` (a link, a pipe, a folder, far too large). */
export const kind = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<"absent" | "plain" | "strange", PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.catchReason(fs.lstat(path), "PlatformError", "NotFound", () => Effect.succeed(undefined))
  if (info === undefined) return "absent"
  return info.type === "File" && Number(info.size) <= largest ? "plain" : "strange"
})

/** The bytes of a plain file; `undefined` where there is none that can be read. */
export const read = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const what = yield* Effect.orElseSucceed(kind(path), () => "absent" as const)
  return what === "plain" ? yield* Effect.orElseSucceed(fs.readFile(path), () => undefined) : undefined
})
