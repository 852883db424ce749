/**
 * Knowing that a file is the published one without reading it on every start: beside a verified file stands a note of
 * its size, time and SHA-256; only when these differ is the file read again.
 */

import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readFile, stat, writeFile } from "node:fs/promises"
import { pipeline } from "node:stream/promises"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { io, type SourceFailed } from "./Fetching.ts"

const Note = Schema.fromJsonString(
  Schema.Struct({ size: Schema.Number, modified: Schema.Number, sha256: Schema.String })
)

const noteOf = (file: string) => `${file}.verified.json`

/** The SHA-256 of a file, in hexadecimal. */
export const ofFile = (file: string): Effect.Effect<string, SourceFailed> =>
  io(async (signal) => {
    const hash = createHash("sha256")
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal })
    return hash.digest("hex")
  })

/** Remembers that a file, as it is now, has this digest. A cache that cannot be written is read again next time. */
export const remember = (file: string, sha256: string): Effect.Effect<void> =>
  io(async () => {
    const { size, mtimeMs } = await stat(file)
    await writeFile(noteOf(file), JSON.stringify({ size, modified: mtimeMs, sha256 }))
  }).pipe(Effect.ignore)

const remembered = (file: string, found: { readonly size: number; readonly mtimeMs: number }) =>
  io(() => readFile(noteOf(file), "utf8")).pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Note)),
    Effect.option,
    Effect.map(Option.filter((note) => note.size === found.size && note.modified === found.mtimeMs)),
    Effect.map(Option.map((note) => note.sha256))
  )

/** Whether the file exists and has this digest; `onRead` runs first when all of it must be read to know. */
export const matches = Effect.fnUntraced(function* (
  file: string,
  expected: { readonly bytes: number; readonly sha256: string },
  onRead: Effect.Effect<void>
): Effect.fn.Return<boolean, SourceFailed> {
  const found = yield* Effect.option(io(() => stat(file)))
  if (Option.isNone(found) || found.value.size !== expected.bytes) return false
  const known = yield* remembered(file, found.value)
  if (Option.isSome(known)) return known.value === expected.sha256
  yield* onRead
  const sha256 = yield* ofFile(file)
  if (sha256 === expected.sha256) yield* remember(file, sha256)
  return sha256 === expected.sha256
})
