import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, FileSystem } from "effect"
import { FaultDisk } from "../index.ts"

const on = <A, E>(disk: FaultDisk.FaultDisk, effect: Effect.Effect<A, E, FileSystem.FileSystem>) =>
  Effect.provide(effect, disk.layer)
const files = (disk: FaultDisk.FaultDisk) =>
  Object.fromEntries([...disk.files()].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]))
const utf8 = (text: string) => new TextEncoder().encode(text)

/** Appends a text to a file; `sync`: the file, and the folder it is in. */
const append = (text: string, sync: boolean) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = yield* fs.open("log", { flag: "a" })
    yield* file.writeAll(utf8(text))
    if (!sync) return
    yield* file.sync
    yield* (yield* fs.open(".")).sync
  }).pipe(Effect.scoped)

describe("a disk in memory", () => {
  it.effect("is a file system", () =>
    on(
      FaultDisk.make({}, { "a/b.txt": "b" }),
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        yield* fs.makeDirectory("a/c/d", { recursive: true })
        yield* fs.writeFileString("a/c/d/e.txt", "e")
        yield* fs.rename("a/c", "f")
        yield* fs.link("f/d/e.txt", "g")
        yield* fs.writeFileString("g", "+", { flag: "a" })
        assert.strictEqual(yield* fs.readFileString("/f/d/e.txt"), "e+")
        assert.deepStrictEqual(yield* fs.readDirectory("."), ["a", "f", "g"])
        assert.deepStrictEqual(yield* fs.readDirectory("a"), ["b.txt"])
        const codes: Array<string> = []
        for (const effect of [
          fs.readFileString("nowhere"),
          fs.writeFileString("nowhere/x", "x"),
          fs.writeFileString("g/x", "x"),
          fs.writeFileString("g", "x", { flag: "wx" }),
          fs.writeFileString("f", "x"),
          fs.link("g", "a/b.txt"),
          fs.remove("f")
        ]) {
          const error = yield* Effect.flip<unknown, any, never>(effect)
          codes.push(error.reason.cause.code)
        }
        assert.deepStrictEqual(codes, ["ENOENT", "ENOENT", "ENOTDIR", "EEXIST", "EISDIR", "EEXIST", "EISDIR"])
        yield* fs.remove("f", { recursive: true })
        assert.strictEqual(yield* fs.exists("f/d/e.txt"), false)
        assert.strictEqual(yield* fs.readFileString("g"), "e+")
        yield* fs.truncate("g", 1)
        assert.strictEqual(Number((yield* fs.stat("g")).size), 1)
      })
    )
  )

  it.effect("reads and writes where a handle stands, and appends at the end", () =>
    on(
      FaultDisk.make({}, { x: "0123456789" }),
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const file = yield* fs.open("x", { flag: "r+" })
        yield* file.seek(2n, "start")
        yield* file.writeAll(utf8("ab"))
        const buffer = new Uint8Array(3)
        assert.strictEqual(yield* file.read(buffer), 3)
        assert.strictEqual(new TextDecoder().decode(buffer), "456")
        const appending = yield* fs.open("x", { flag: "a" })
        yield* appending.writeAll(utf8("!"))
        assert.strictEqual(yield* fs.readFileString("x"), "01ab456789!")
      }).pipe(Effect.scoped)
    )
  )
})

describe("a fault", () => {
  it.effect("hits the operation it is for, once or from then on", () =>
    Effect.gen(function* () {
      const writes = Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const done: Array<boolean> = []
        for (const name of ["a", "b", "c"]) done.push(Exit.isSuccess(yield* Effect.exit(fs.writeFileString(name, "x"))))
        return done
      })
      const fault = { kind: "EIO", at: 2, onwards: false } as const
      assert.deepStrictEqual(yield* on(FaultDisk.make({ fault }), writes), [true, false, true])
      assert.deepStrictEqual(yield* on(FaultDisk.make({ fault: { ...fault, onwards: true } }), writes), [
        true,
        false,
        false
      ])
    })
  )

  it.effect("of a short write leaves half of the bytes behind", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make({ fault: { kind: "short write", at: 2, onwards: false } })
      const error = yield* Effect.flip(on(disk, append("four", false)))
      assert.strictEqual((error.reason.cause as { code: string }).code, "ENOSPC")
      assert.deepStrictEqual(files(disk), { log: "fo" })
      assert.deepStrictEqual(
        disk.operations().map(({ method }) => method),
        ["open", "write"]
      )
    })
  )
})

describe("a crash", () => {
  const crashOn = (method: string, crash: FaultDisk.Crash) =>
    FaultDisk.make({ crash: (operation) => (operation.method === method ? crash : undefined) })

  it.effect("ends the program, and the disk takes nothing more", () =>
    Effect.gen(function* () {
      const disk = crashOn("sync", "before")
      const exit = yield* Effect.exit(on(disk, append("text", true)))
      assert.include(String(exit), "DiskCrashed")
      assert.isTrue(disk.hasCrashed())
      assert.isTrue(Exit.isFailure(yield* Effect.exit(on(disk, append("more", true)))))
      assert.deepStrictEqual(files(disk.afterKill()), { log: "text" })
    })
  )

  it.effect("before, during and after a write leaves none, half and all of it to the next process", () =>
    Effect.gen(function* () {
      for (const [crash, left] of [
        ["before", ""],
        ["during", "te"],
        ["after", "text"]
      ] as const) {
        const disk = crashOn("write", crash)
        yield* Effect.exit(on(disk, append("text", true)))
        assert.deepStrictEqual(files(disk.afterKill()), { log: left })
      }
    })
  )

  it.effect("of the power keeps what was synced and a name whose folder was, and else nothing", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(disk, append("safe ", true))
      yield* on(disk, append("lost", false))
      yield* on(
        disk,
        Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString("other", "x"))
      )
      assert.deepStrictEqual(files(disk), { log: "safe lost", other: "x" })
      assert.deepStrictEqual(files(disk.afterPowerCut()), { log: "safe " })
    })
  )

  it.effect("of the power also hits what a process that was killed before had written", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(disk, append("safe ", true))
      yield* on(disk, append("lost", false))
      const next = disk.afterKill()
      assert.deepStrictEqual(files(next), { log: "safe lost" })
      assert.deepStrictEqual(files(next.afterPowerCut()), { log: "safe " })
      yield* on(next, append("!", true))
      assert.deepStrictEqual(files(next.afterPowerCut()), { log: "safe lost!" })
      assert.deepStrictEqual(files(disk), { log: "safe lost" })
    })
  )

  it.effect("of the power may keep later sectors and lose earlier ones, the same for the same seed", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(disk, append("-".repeat(512), true))
      for (const letter of ["a", "b", "c"]) yield* on(disk, append(letter.repeat(512), false))
      const seen = new Set<string>()
      for (let seed = 0; seed < 200; seed++) {
        const left = files(disk.afterPowerCut(seed))["log"]!
        assert.strictEqual(files(disk.afterPowerCut(seed))["log"], left)
        seen.add([512, 1024, 1536, 0].map((at) => left[at] ?? "").join(""))
      }
      // each sector is there, is a gap, or is beyond the end
      const gap = "\0"
      const wanted = ["", "a", `${gap}b`, "ab", `${gap}${gap}c`, `a${gap}c`, `${gap}bc`, "abc"].map(
        (rest) => `${rest}-`
      )
      assert.sameMembers([...seen], wanted)
    })
  )
})
