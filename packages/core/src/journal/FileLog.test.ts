import { FaultDisk } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, type FileSystem, Logger, type Scope } from "effect"
import * as FileLog from "./FileLog.ts"
import * as Line from "./Line.ts"
import type { Record } from "./Record.ts"

const path = "run/journal"
const record = (i: number): Record => ({ _tag: "Marked", name: `step ${i} é\n`, at: i })
const records = (count: number) => Array.from({ length: count }, (_, i) => record(i))
const opened = Effect.map(FileLog.open(path), (log) => log.records)
const writing = (count: number, durable = true, from = 0) =>
  Effect.flatMap(FileLog.open(path), (log) =>
    Effect.forEach(records(count).slice(from), (one) => log.append(one, durable))
  )

/** Runs on a disk; `warnings` are what was logged. */
const on = <A, E>(
  disk: FaultDisk.FaultDisk,
  effect: Effect.Effect<A, E, FileSystem.FileSystem | Scope.Scope>,
  warnings: Array<unknown> = []
) =>
  Effect.scoped(effect).pipe(
    Effect.provide([disk.layer, Logger.layer([Logger.make(({ message }) => void warnings.push(String(message)))])])
  )

const bytesOf = (disk: FaultDisk.FaultDisk) => disk.files().get(path)!
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const after = (content: string | Uint8Array) => FaultDisk.make({}, { [path]: content })

/** A journal of five records, and the length of its lines. */
const small = Effect.gen(function* () {
  const disk = FaultDisk.make()
  yield* on(disk, writing(5))
  const bytes = bytesOf(disk)
  const ends = [...bytes.entries()].flatMap(([i, byte]) => (byte === 10 ? [i + 1] : []))
  return { bytes, ends }
})

describe("a log in a file", () => {
  it.effect("gives back what was added, in the order it was added", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(disk, writing(3))
      yield* on(disk, writing(5, false, 3))
      assert.deepStrictEqual(yield* on(disk, opened), records(5))
    })
  )

  it.effect("has a durable record on the disk when append returns, and any other out of the process", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      const log = FileLog.open(path)
      yield* on(
        disk,
        Effect.gen(function* () {
          const { append } = yield* log
          yield* append(record(0), true)
          assert.deepStrictEqual(yield* on(disk.afterPowerCut(), opened), records(1))
          yield* append(record(1), false)
          assert.deepStrictEqual(yield* on(disk.afterPowerCut(), opened), records(1))
          assert.deepStrictEqual(yield* on(disk.afterKill(), opened), records(2))
        })
      )
    })
  )

  it.effect("relies on what a killed process wrote only when it is on the disk", () =>
    Effect.gen(function* () {
      const killed = FaultDisk.make()
      yield* on(killed, writing(2, false))
      const next = killed.afterKill()
      assert.deepStrictEqual(yield* on(next, opened), records(2))
      assert.deepStrictEqual(yield* on(next.afterPowerCut(), opened), records(2))
    })
  )

  it.effect("brings records that wait at the same time to the disk together", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(
        disk,
        Effect.gen(function* () {
          const { append } = yield* FileLog.open(path)
          const before = disk.operations().length
          yield* Effect.forEach(records(16), (one) => append(one, true), { concurrency: 16 })
          const methods = disk
            .operations()
            .slice(before)
            .map(({ method }) => method)
          // the first goes alone, as nobody else was there yet
          assert.deepStrictEqual(methods, ["write", "sync", "write", "sync"])
        })
      )
      assert.deepStrictEqual(yield* on(disk, opened), records(16))
    })
  )

  it.effect("adds a record whole where its writer is interrupted meanwhile", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(
        disk,
        Effect.gen(function* () {
          const { append } = yield* FileLog.open(path)
          const fibers = yield* Effect.forEach(records(4), (one) => Effect.forkChild(append(one, true)))
          yield* Effect.yieldNow
          yield* Fiber.interruptAll(fibers)
          yield* append(record(4), true)
        })
      )
      assert.deepStrictEqual(yield* on(disk, opened), records(5))
    })
  )

  for (const kind of ["ENOSPC", "EIO", "EACCES", "short write"] as const) {
    it.effect(`adds nothing after ${kind}, says why, and is whole when it is opened again`, () =>
      Effect.gen(function* () {
        const clean = FaultDisk.make()
        yield* on(clean, writing(2))
        // the write of the third record, of four at once
        const at = clean.operations().length + 1
        const disk = FaultDisk.make({ fault: { kind, at, onwards: false } })
        const errors = yield* on(
          disk,
          Effect.gen(function* () {
            const { append } = yield* FileLog.open(path)
            yield* Effect.forEach(records(2), (one) => append(one, true))
            const exits = yield* Effect.forEach(records(6).slice(2), (one) => Effect.flip(append(one, true)), {
              concurrency: 4
            })
            return [...exits, yield* Effect.flip(append(record(9), false))]
          })
        )
        const words = { EACCES: "permission denied", EIO: "the disk reports an error" }
        const why = kind === "EACCES" || kind === "EIO" ? words[kind] : "the disk is full"
        assert.strictEqual(new Set(errors).size, 1)
        assert.strictEqual(errors[0]?.message, `the journal ${path} cannot be written: ${why}`)
        assert.strictEqual(disk.operations().length, at)
        const warnings: Array<unknown> = []
        assert.deepStrictEqual(yield* on(disk.afterKill(), opened, warnings), records(2))
        assert.deepStrictEqual(warnings, [])
      })
    )
  }

  it.effect("is made together with its folder, both safe from a power cut", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(disk, opened)
      assert.deepStrictEqual([...disk.afterPowerCut().files().keys()], [path])
    })
  )

  it.effect("opens 50,000 records at once", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(
        disk,
        Effect.flatMap(FileLog.open(path), (log) =>
          Effect.forEach(records(50_000), (one) => log.append(one, false), { concurrency: "unbounded" })
        )
      )
      assert.lengthOf(yield* on(disk, opened), 50_000)
    })
  )
})

describe("a log that is not whole", () => {
  it.effect("loses an unfinished last line, without a word", () =>
    Effect.gen(function* () {
      const { bytes, ends } = yield* small
      for (let length = 0; length < bytes.length; length++) {
        const warnings: Array<unknown> = []
        const disk = after(bytes.slice(0, length))
        const whole = Math.max(0, ends.filter((end) => end <= length).length - 1)
        assert.deepStrictEqual(yield* on(disk, opened, warnings), records(whole), `cut at ${length}`)
        yield* on(disk, writing(5, true, whole))
        assert.strictEqual(text(bytesOf(disk)), text(bytes))
        assert.deepStrictEqual(warnings, [])
      }
    })
  )

  it.effect("loses what a crash left empty behind it", () =>
    Effect.gen(function* () {
      const { bytes } = yield* small
      const disk = after(`${text(bytes)}\0\0\0\0\0`)
      assert.deepStrictEqual(yield* on(disk, opened), records(5))
      assert.strictEqual(text(bytesOf(disk)), text(bytes))
      assert.deepStrictEqual(yield* on(after("\0".repeat(700)), opened), [])
    })
  )

  it.effect("keeps what stands before damage, the file as it was beside it, and says so", () =>
    Effect.gen(function* () {
      const { bytes, ends } = yield* small
      const lines = text(bytes).split("\n")
      const damaged: Readonly<{ [name: string]: string }> = {
        changed: text(bytes).replace("step 2", "step 3"),
        lost: lines.toSpliced(3, 1).join("\n"),
        moved: lines.with(3, lines[4]!).with(4, lines[3]!).join("\n"),
        repeated: lines.toSpliced(3, 0, lines[2]!).join("\n"),
        emptied: lines.with(3, "").join("\n")
      }
      for (const [name, content] of Object.entries(damaged)) {
        const warnings: Array<unknown> = []
        const disk = after(content)
        assert.deepStrictEqual(yield* on(disk, opened, warnings), records(2), name)
        assert.strictEqual(text(bytesOf(disk)), text(bytes.slice(0, ends[2])))
        assert.strictEqual(text(disk.files().get(`${path}.damaged`)!), content)
        assert.lengthOf(warnings, 1)
        assert.include(String(warnings[0]), "damaged from line 4 on: 2 records before it are kept")
        // nothing is lost that was kept before, either
        const again = FaultDisk.make({}, { [path]: content, [`${path}.damaged`]: "earlier" })
        yield* on(again, opened)
        assert.strictEqual(text(again.files().get(`${path}.damaged-2`)!), content)
        assert.strictEqual(text(again.files().get(`${path}.damaged`)!), "earlier")
      }
    })
  )

  it.effect("is not cut where it cannot be kept first", () =>
    Effect.gen(function* () {
      const { bytes } = yield* small
      const content = text(bytes).replace("step 2", "step 3")
      const options = { fault: { kind: "ENOSPC", at: 0, onwards: false } } as const
      const clean = after(content)
      yield* on(clean, opened)
      const at = clean.operations().findIndex(({ path }) => path.endsWith(".damaged")) + 1
      for (let i = at; clean.operations()[i - 1]?.path.endsWith(".damaged"); i++) {
        const disk = FaultDisk.make({ fault: { ...options.fault, at: i } }, { [path]: content })
        const error = yield* Effect.flip(on(disk, opened))
        assert.strictEqual(error._tag, "JournalUnwritable")
        assert.strictEqual(text(bytesOf(disk)), content)
      }
    })
  )
})

describe("a file that is no journal to be read", () => {
  const refused = Effect.fnUntraced(function* (content: string) {
    const disk = after(content)
    const error = yield* Effect.flip(on(disk, opened))
    assert.strictEqual(text(bytesOf(disk)), content)
    assert.strictEqual(error._tag, "JournalUnreadable")
    return error._tag === "JournalUnreadable" ? error : assert.fail()
  })

  it.effect("is refused, with file and line, and left as it is", () =>
    Effect.gen(function* () {
      const { bytes } = yield* small
      const whole = text(bytes)
      const other = yield* refused(whole.replace("journal 1", "journal 2"))
      assert.strictEqual(other.line, 1)
      assert.include(other.message, `${path}, line 1: it is of version 2 of the format`)
      for (const content of ["hello", "hello\n", `{"a":1}\n`, `x${whole}`, whole.replace("backprose", "Backprose")]) {
        assert.include((yield* refused(content)).message, `${path}, line 1: it is no journal`)
      }
    })
  )

  it.effect("is refused where a record is whole and not known", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      yield* on(disk, writing(1))
      const lines = text(bytesOf(disk)).split("\n")
      const strange = Line.encode(lines[1]!.slice(-8), `{"_tag":"Marked","name":"x","at":1,"more":1}`).line
      const error = yield* refused(`${lines.slice(0, 2).join("\n")}\n${strange}`)
      assert.strictEqual(error.line, 3)
    })
  )

  it.effect("a folder, or a disk that cannot be read, is told in words", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.flip(on(FaultDisk.make({}, { [`${path}/x`]: "" }), opened))
      assert.strictEqual(folder.message, `the journal ${path} cannot be written: it is a folder`)
      const { bytes } = yield* small
      const clean = after(bytes)
      yield* on(clean, opened)
      const at = clean.operations().findIndex(({ method }) => method === "read") + 1
      const disk = FaultDisk.make({ fault: { kind: "EIO", at, onwards: false } }, { [path]: bytes })
      const error = yield* Effect.flip(on(disk, opened))
      assert.strictEqual(error.message, `the journal ${path} cannot be read: the disk reports an error`)
      assert.isTrue(Exit.isSuccess(yield* Effect.exit(on(disk, opened))))
    })
  )
})
