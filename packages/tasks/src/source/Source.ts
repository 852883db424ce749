/**
 * Where the bytes of a data set come from: a file or folder of the user's own, read in place, or an address on the web,
 * fetched once, checked, and kept in the user's cache.
 */
import { basename, join } from "node:path"
import { gunzip } from "node:zlib"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Result from "effect/Result"
import * as Address from "./Address.ts"
import * as DataCache from "./DataCache.ts"
import * as Download from "./Download.ts"
import { because, SourceUnavailable } from "./SourceUnavailable.ts"
import * as SplitFile from "./SplitFile.ts"

export interface Options extends DataCache.Options {
  /** Which file is meant where a folder is given. */
  readonly split?: SplitFile.Split | undefined
  /** For sets that may not be copied: only a file or folder of the user's own, never fetched, unpacked or kept. */
  readonly ownOnly?: boolean | undefined
}

const archive = /\.(zip|tar|tgz|tar\.gz|parquet)$/i
const packed = /\.gz$/i

const within = Effect.fnUntraced(function* (path: string, options: Options) {
  const fs = yield* FileSystem
  const found = yield* fs.stat(path)
  if (found.type !== "Directory") return path
  const file = SplitFile.find(yield* fs.readDirectory(path), options.split)
  return Result.isSuccess(file) ? join(path, file.success) : yield* because(path, file.failure)
})

/** A file unpacked for as long as the scope is open. */
const unpacked = Effect.fnUntraced(function* (file: string, source: string, maxBytes: number) {
  const fs = yield* FileSystem
  const bytes = yield* fs.readFile(file)
  const content = yield* Effect.callback<Uint8Array, SourceUnavailable>((resume) =>
    gunzip(bytes, { maxOutputLength: maxBytes }, (error, content) =>
      resume(
        error === null
          ? Effect.succeed(content)
          : Effect.fail(because(source, `it cannot be unpacked: ${error.message}`))
      )
    )
  )
  const place = join(yield* fs.makeTempDirectoryScoped(), basename(file).replace(packed, ""))
  yield* fs.writeFile(place, content)
  return place
})

const readable = Effect.fnUntraced(function* (given: string, options: Options) {
  const address = yield* Effect.fromResult(Address.parse(given))
  if (address._tag === "Web" && options.ownOnly === true)
    return yield* because(
      address.shown,
      "its authors ask that it is not copied, so it is neither fetched nor kept",
      "Get the file from them, and give its path"
    )
  const path = address._tag === "Path" ? yield* within(address.path, options) : new URL(address.url).pathname
  const shown = address._tag === "Path" ? path : address.shown
  // before it is fetched: it may be large
  if (archive.test(path))
    return yield* because(
      shown,
      "this is an archive or a binary format",
      "Unpack it, and give the .jsonl, .json or .csv file"
    )
  const file =
    address._tag === "Path"
      ? path
      : yield* DataCache.file(address, { ...options, sha256: options.sha256 ?? address.sha256 })
  if (!packed.test(file)) return file
  if (options.ownOnly === true) return yield* because(shown, "it is packed", "Unpack it, and give the path of the file")
  return yield* unpacked(file, shown, options.maxBytes ?? Download.defaults.maxBytes)
})

const said = (given: string) => (error: SourceUnavailable | PlatformError) =>
  error instanceof SourceUnavailable
    ? error
    : because(given, error.reason._tag === "NotFound" ? "there is no such file or folder" : error.message)

/**
 * What a reader makes of a data set. `given` is a path of a file (`.gz` or not) or of a folder with one file a split, an
 * `https://` URL, `github:owner/repository@commit/path`, or `hf:owner/dataset@revision/path`; the last three may end in
 * `#sha256=` and a checksum. The reader gets the path of a plain file, which may be gone when it is done.
 *
 * **Example**
 *
 * ```ts
 * import { Source } from "@backprose/tasks"
 * import * as Gsm8k from "@backprose/tasks/format/Gsm8k"
 *
 * const rows = Source.read("./gsm8k", { split: "train" }, Gsm8k.read)
 * ```
 */
export const read = <A, E, R>(
  given: string,
  options: Options,
  reader: (file: string) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | SourceUnavailable, R | FileSystem> =>
  Effect.scoped(Effect.flatMap(Effect.mapError(readable(given, options), said(given)), reader))
