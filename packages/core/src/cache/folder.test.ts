import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Logger, PlatformError } from "effect"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import { sha256 } from "../model/sha256.ts"
import * as Cache from "./Cache.ts"
import { clear, folder, holding } from "./folder.ts"

const node = Effect.provide(NodeServices.layer)
const temporary = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())
const keys = (n: number) => Array.from({ length: n }, (_, i) => sha256(`${i}`))
/** Keys of one shard: the limit is kept for each. */
const neighbours = (n: number) =>
  keys(2000)
    .flatMap((key) => (key.startsWith("00") ? [key] : []))
    .slice(0, n)
const at = (root: string, key: string) => `${root}/${key.slice(0, 2)}/${key}`

/** The disk as it is, but for some operations. */
const withDisk = <A, E, R>(
  change: (fs: FileSystem.FileSystem) => Partial<FileSystem.FileSystem>,
  effect: Effect.Effect<A, E, R>
) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.provideService(effect, FileSystem.FileSystem, { ...fs, ...change(fs) })
  )
const noSpace = (method: string) =>
  Effect.fail(
    PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method, description: "ENOSPC: no space left" })
  )

describe("a store in a folder", () => {
  it.effect("is a file an entry, named by its key, for its owner alone", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const root = `${yield* temporary}/made/later`
      const store = yield* folder(root)
      const [key] = keys(1)
      assert.isUndefined(yield* store.get(key!))
      assert.isFalse(yield* fs.exists(root))
      yield* store.set(key!, "one\n")
      assert.strictEqual(yield* fs.readFileString(at(root, key!)), "one\n")
      assert.strictEqual((yield* fs.stat(at(root, key!))).mode & 0o077, 0)
      assert.strictEqual((yield* fs.stat(root)).mode & 0o077, 0)
      const another = yield* folder(root)
      yield* another.set(key!, "two")
      assert.strictEqual(yield* store.get(key!), "two")
      assert.deepStrictEqual(yield* fs.readDirectory(`${root}/${key!.slice(0, 2)}`), [key])
    }).pipe(Effect.scoped, node)
  )

  it.live("keeps to its limit: what was not used for longest goes first, and what is used stays", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const root = yield* temporary
      const store = yield* folder(root, { maxBytes: 256 * 1000 })
      const [favourite, ...others] = neighbours(8)
      const age = (key: string, seconds: number) => fs.utimes(at(root, key), seconds, seconds)
      yield* store.set(favourite!, "x".repeat(200))
      yield* age(favourite!, 1)
      for (const [i, key] of others.slice(0, 4).entries()) {
        yield* store.set(key, "x".repeat(200))
        yield* age(key, 10 + i)
      }
      assert.deepStrictEqual(yield* holding(root), { entries: 5, bytes: 1000 })
      // used just now
      assert.isDefined(yield* store.get(favourite!))
      yield* store.set(others[4]!, "x".repeat(200))
      const left = new Set(yield* fs.readDirectory(`${root}/00`))
      // a quarter is freed, so that not every entry has to make room
      assert.deepStrictEqual(left, new Set([favourite, others[3], others[4]]))
      assert.isAtMost((yield* holding(root)).bytes, 750)
    }).pipe(Effect.scoped, node)
  )

  it.live("sweeps away what a process left half written, but not what another one is writing", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const root = yield* temporary
      const [one, two] = neighbours(2)
      yield* (yield* folder(root)).set(one!, "x")
      const [dead, live] = [`${at(root, two!)}.0a-1.part`, `${at(root, two!)}.0b-1.part`]
      yield* fs.writeFileString(dead, "hal")
      yield* fs.utimes(dead, 1, 1)
      yield* fs.writeFileString(live, "hal")
      yield* (yield* folder(root)).set(one!, "x")
      assert.deepStrictEqual([yield* fs.exists(dead), yield* fs.exists(live)], [false, true])
    }).pipe(Effect.scoped, node)
  )

  it.effect("is made again where its folder was taken away", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const root = `${yield* temporary}/replies`
      const store = yield* folder(root)
      for (const key of keys(3)) yield* store.set(key, key)
      yield* fs.remove(root, { recursive: true })
      for (const key of keys(3)) assert.isUndefined(yield* store.get(key))
      for (const key of keys(3)) yield* store.set(key, key)
      assert.strictEqual((yield* holding(root)).entries, 3)
    }).pipe(Effect.scoped, node)
  )

  it.effect("leaves nothing half written on a full disk", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const root = yield* temporary
      const [key] = keys(1)
      yield* fs.makeDirectory(`${root}/${key!.slice(0, 2)}`)
      const error = yield* withDisk(
        (fs) => ({
          writeFile: (path, data, options) =>
            Effect.andThen(fs.writeFile(path, data.subarray(0, 3), options), noSpace("writeFile"))
        }),
        Effect.flatMap(folder(root), (store) => Effect.flip(store.set(key!, "entry")))
      )
      assert.strictEqual(error.kind, "write")
      assert.deepStrictEqual(yield* fs.readDirectory(`${root}/${key!.slice(0, 2)}`), [])
    }).pipe(Effect.scoped, node)
  )

  it.effect("counts and clears its own entries, and leaves alone what else lies there", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const root = yield* temporary
      assert.deepStrictEqual(yield* holding(`${root}/none`), { entries: 0, bytes: 0 })
      const store = yield* folder(root)
      for (const key of keys(20)) yield* store.set(key, "12345")
      const mine = [`${root}/notes.txt`, `${root}/${keys(1)[0]!.slice(0, 2)}/notes.txt`]
      for (const path of mine) yield* fs.writeFileString(path, "mine")
      assert.deepStrictEqual(yield* clear(root), { entries: 20, bytes: 100 })
      assert.deepStrictEqual(yield* holding(root), { entries: 0, bytes: 0 })
      for (const path of mine) assert.strictEqual(yield* fs.readFileString(path), "mine")
    }).pipe(Effect.scoped, node)
  )
})

describe("a cache on a disk that fails", () => {
  const asked = (n: number) => Array.from({ length: n }, (_, i) => `question ${i}`)
  const program = Effect.gen(function* () {
    const { cached } = yield* Cache.Cache
    let paid = 0
    const { complete } = cached({
      identity: { provider: "test", model: "one" },
      complete: ({ messages }) => Effect.sync(() => (paid++, Completion.make(`on ${messages[0]?.content}`)))
    })
    for (const content of asked(30)) {
      const request = Request.make({ purpose: "forward", messages: [{ role: "user", content }] })
      assert.strictEqual((yield* complete(request)).text, `on ${content}`)
    }
    return paid
  })

  // the time of use is only for eviction: not worth a word
  const warnings = { readFileString: 1, writeFile: 1, rename: 1, readDirectory: 1, stat: 1, utimes: 0 }
  for (const [method, expected] of Object.entries(warnings)) {
    it.effect(`answers every call and says so ${expected} times where ${method} fails`, () =>
      Effect.gen(function* () {
        const root = yield* temporary
        const lines: Array<string> = []
        const logger = Logger.make(({ message }) => void lines.push(String(message)))
        const paid = yield* withDisk(
          () => ({ [method]: () => noSpace(method) }),
          Effect.provide(program, Cache.layerFolder(root))
        ).pipe(Effect.provide(Logger.layer([logger])))
        assert.strictEqual(paid, 30)
        assert.lengthOf(lines, expected)
      }).pipe(Effect.scoped, node)
    )
  }
})
