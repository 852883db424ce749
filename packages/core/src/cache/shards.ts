/**
 * How entries lie in a folder: a file an entry, named by its key, in one of 256 folders named by the key's first two
 * digits. Whatever else is there is nobody's business here.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"

/** How many folders the entries are spread over, evenly: keys are hashes. */
export const count = 256

const shardName = /^[0-9a-f]{2}$/
const entryName = /^[0-9a-f]{64}$/
/** An entry that is being written, or was when its process died. */
const partName = /^[0-9a-f]{64}\.[0-9a-f-]+\.part$/

export const folderOf = (root: string, key: string): string => `${root}/${key.slice(0, 2)}`

/** After this time nobody is still writing, in milliseconds. */
const abandoned = 3_600_000

/** A file of the cache's own. */
export interface Kept {
  readonly path: string
  readonly bytes: number
  /** Milliseconds since 1970: reading an entry moves this on. */
  readonly usedAt: number
  readonly isEntry: boolean
}

/** What is not there (any more) is no failure of the disk. */
export const isMissing = (error: PlatformError): boolean => error.reason._tag === "NotFound"

const names = (folder: string) =>
  Effect.flatMap(FileSystem, (fs) => fs.readDirectory(folder)).pipe(
    Effect.catchIf(isMissing, () => Effect.succeed<Array<string>>([]))
  )

/** The files of one shard. Those that go away meanwhile are left out: other processes tidy too. */
export const list = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<ReadonlyArray<Kept>, PlatformError, FileSystem> {
  const fs = yield* FileSystem
  const own = (yield* names(folder)).filter((name) => entryName.test(name) || partName.test(name))
  const found = yield* Effect.forEach(
    own,
    (name) => {
      const path = `${folder}/${name}`
      return fs.stat(path).pipe(
        Effect.map(({ mtime, size }): ReadonlyArray<Kept> => {
          const usedAt = Option.match(mtime, { onNone: () => 0, onSome: (date) => date.getTime() })
          return [{ path, bytes: Number(size), usedAt, isEntry: entryName.test(name) }]
        }),
        Effect.catchIf(isMissing, () => Effect.succeed([]))
      )
    },
    { concurrency: 4 }
  )
  return found.flat()
})

/** The shards that there are. */
export const folders = (root: string): Effect.Effect<ReadonlyArray<string>, PlatformError, FileSystem> =>
  Effect.map(names(root), (all) => all.filter((name) => shardName.test(name)).map((name) => `${root}/${name}`))

/**
 * Makes room in a shard: what was not used for longest goes, until a quarter of what it may hold is free. The one that was
 * used last stays, however large. Gives the bytes that are left.
 */
export const evict = Effect.fnUntraced(function* (
  folder: string,
  maxBytes: number
): Effect.fn.Return<number, PlatformError, FileSystem> {
  const fs = yield* FileSystem
  const now = yield* Clock.currentTimeMillis
  const kept = yield* list(folder)
  let left = kept.reduce((sum, { bytes }) => sum + bytes, 0)
  const entries = kept.filter(({ isEntry }) => isEntry).toSorted((a, b) => a.usedAt - b.usedAt)
  const old = left <= maxBytes ? [] : entries.slice(0, -1)
  const lost = kept.filter(({ isEntry, usedAt }) => !isEntry && now - usedAt > abandoned)
  for (const { path, bytes, isEntry } of [...lost, ...old]) {
    if (isEntry && left <= maxBytes * 0.75) break
    yield* fs.remove(path, { force: true })
    left -= bytes
  }
  return left
})
