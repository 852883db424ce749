/**
 * A store in a folder, for any number of processes at once. It takes no locks: an entry is written beside its place and
 * moved there, so it is there whole or not at all, and of two that write the same key either may win.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import { fileProblem } from "../journal/fileProblem.ts"
import { defaults, type Options, type Store, StoreFailed } from "./Store.ts"
import * as shards from "./shards.ts"

/** A store in the folder `root`, which is made when the first entry is. */
export const folder = Effect.fnUntraced(function* (
  root: string,
  options: Partial<Options> = {}
): Effect.fn.Return<Store, never, FileSystem> {
  const fs = yield* FileSystem
  // an even share of the whole for each shard: a look at one of them is enough to know when there is too much
  const maxShardBytes = { ...defaults, ...options }.maxBytes / shards.count
  const used = new Map<string, number>()
  // not from `Random`: two processes with one seed would write to the same file
  const writer = yield* Effect.sync(() => crypto.randomUUID())
  let written = 0
  const failed = (kind: StoreFailed["kind"]) => (error: PlatformError) =>
    new StoreFailed({ kind, message: `${root}: ${fileProblem(error)}` })

  const write = Effect.fnUntraced(function* (folder: string, key: string, bytes: Uint8Array) {
    const part = `${folder}/${key}.${writer}-${written++}.part`
    yield* fs.writeFile(part, bytes, { flag: "wx", mode: 0o600 }).pipe(
      // not brought to the disk by force: what a power cut leaves of it does not match its checksum
      Effect.andThen(fs.rename(part, `${folder}/${key}`)),
      Effect.onError(() => Effect.ignore(fs.remove(part, { force: true })))
    )
  })

  const makeRoom = Effect.fnUntraced(function* (folder: string, bytes: number) {
    const before = used.get(folder)
    const known = (before ?? 0) + bytes
    const left =
      before !== undefined && known <= maxShardBytes
        ? known
        : yield* Effect.provideService(shards.evict(folder, maxShardBytes), FileSystem, fs)
    used.set(folder, left)
  })

  return {
    get: Effect.fnUntraced(function* (key) {
      const path = `${shards.folderOf(root, key)}/${key}`
      const text = yield* fs.readFileString(path).pipe(
        Effect.catchIf(shards.isMissing, () => Effect.undefined),
        Effect.mapError(failed("read"))
      )
      if (text === undefined) return undefined
      const seconds = (yield* Clock.currentTimeMillis) / 1000
      // only the order of eviction depends on it
      yield* Effect.ignore(fs.utimes(path, seconds, seconds))
      return text
    }),
    set: Effect.fnUntraced(function* (key, entry) {
      const folder = shards.folderOf(root, key)
      const bytes = new TextEncoder().encode(entry)
      yield* write(folder, key, bytes).pipe(
        // never made, or taken away meanwhile
        Effect.catchIf(shards.isMissing, () =>
          Effect.andThen(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), write(folder, key, bytes))
        ),
        Effect.mapError(failed("write"))
      )
      yield* Effect.mapError(makeRoom(folder, bytes.length), failed("evict"))
    })
  }
})

/** What a folder holds. */
export interface Holding {
  readonly entries: number
  readonly bytes: number
}

/** Counts the entries of a folder; one that is not there holds none. */
export const holding = Effect.fnUntraced(function* (
  root: string
): Effect.fn.Return<Holding, PlatformError, FileSystem> {
  const found = (yield* Effect.forEach(yield* shards.folders(root), shards.list)).flat()
  return {
    entries: found.filter(({ isEntry }) => isEntry).length,
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0)
  }
})

/** Removes all entries of a folder, and nothing else that may lie there. Gives what it held. */
export const clear = Effect.fnUntraced(function* (root: string): Effect.fn.Return<Holding, PlatformError, FileSystem> {
  const fs = yield* FileSystem
  const before = yield* holding(root)
  const found = (yield* Effect.forEach(yield* shards.folders(root), shards.list)).flat()
  yield* Effect.forEach(found, ({ path }) => fs.remove(path, { force: true }), { discard: true })
  return before
})
