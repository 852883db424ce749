import { FaultDisk } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, FileSystem, Layer, Random, Scope } from "effect"
import * as Lock from "./Lock.ts"
import { type Process, Processes } from "./Processes.ts"

const path = "run/journal"
const lockFile = `${path}.lock`

/** A machine with these processes; what runs on it is the first of them. */
const machine = (self: Process, others: ReadonlyArray<Process> = []) =>
  Layer.succeed(Processes, { self, find: (pid) => [self, ...others].find((one) => one.pid === pid) })
const process = (pid: number, fields: Partial<Process> = {}): Process => ({ pid, host: "here", ...fields })

/** A lock as some process left it, or still holds it. */
const locked = (owner: Process) =>
  FaultDisk.make({}, { [lockFile]: JSON.stringify({ ...owner, since: 1, token: "of another process" }) })

const attempt = (disk: FaultDisk.FaultDisk, as: Layer.Layer<never>) =>
  Effect.exit(Effect.scoped(Lock.acquire(path))).pipe(Effect.provide([disk.layer, as]))
const taken = (disk: FaultDisk.FaultDisk, as: Layer.Layer<never>) => Effect.map(attempt(disk, as), Exit.isSuccess)
const names = (disk: FaultDisk.FaultDisk) => [...disk.files().keys()]

describe("a lock", () => {
  it.effect("is held for the scope, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make()
      const [one, other] = [process(1), process(2)]
      const scope = yield* Scope.make()
      yield* Lock.acquire(path).pipe(Scope.provide(scope), Effect.provide([disk.layer, machine(one, [other])]))
      assert.deepStrictEqual(names(disk), [lockFile])
      const holder = yield* Effect.provide(Lock.holder(path), [disk.layer, machine(other, [one])])
      assert.strictEqual(holder?.pid, 1)
      const error = yield* Effect.flip(
        Effect.scoped(Lock.acquire(path)).pipe(Effect.provide([disk.layer, machine(other, [one])]))
      )
      assert.strictEqual(error._tag, "RunLocked")
      assert.include(error.message, `process 1 on here is working on ${path}`)
      assert.isFalse(yield* taken(disk, machine(one, [other])), "nor by the same process once more")
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(names(disk), [])
      assert.isTrue(yield* taken(disk, machine(other, [one])))
    })
  )

  it.effect("of a process that is gone is taken over", () =>
    Effect.gen(function* () {
      assert.isTrue(yield* taken(locked(process(7)), machine(process(1))))
      assert.isFalse(yield* taken(locked(process(7)), machine(process(1), [process(7)])))
    })
  )

  it.effect("is taken over where another process has got the pid since", () =>
    Effect.gen(function* () {
      const disk = () => locked(process(7, { started: "boot 1/100" }))
      const self = process(1)
      assert.isTrue(yield* taken(disk(), machine(self, [process(7, { started: "boot 2/100" })])))
      assert.isFalse(yield* taken(disk(), machine(self, [process(7, { started: "boot 1/100" })])))
      assert.isFalse(yield* taken(disk(), machine(self, [process(7)])), "unless nothing is known of that one")
    })
  )

  it.effect("from before a restart, when another had our own pid, is taken over", () =>
    Effect.gen(function* () {
      assert.isTrue(yield* taken(locked(process(1)), machine(process(1))))
      const before = process(1, { started: "boot 1/100" })
      assert.isTrue(yield* taken(locked(before), machine(process(1, { started: "boot 1/200" }))))
      assert.isFalse(yield* taken(locked(before), machine(before)), "but not from another thread of this process")
    })
  )

  it.effect("of another host is left alone, and how to remove it is said", () =>
    Effect.gen(function* () {
      const disk = locked(process(7, { host: "elsewhere" }))
      const exit = yield* attempt(disk, machine(process(1)))
      assert.include(String(exit), "process 7 on elsewhere is working on run/journal")
      assert.include(String(exit), `remove ${lockFile}`)
    })
  )

  it.effect("that a power cut left unreadable is taken over", () =>
    Effect.gen(function* () {
      for (const content of ["", "\0\0\0", '{"pid":7', '{"pid":"x"}']) {
        assert.isTrue(yield* taken(FaultDisk.make({}, { [lockFile]: content }), machine(process(1))))
      }
    })
  )

  it.effect("that cannot be written is told with the reason", () =>
    Effect.gen(function* () {
      const disk = FaultDisk.make({ fault: { kind: "EACCES", at: 1, onwards: true } })
      const error = yield* Effect.flip(Effect.scoped(Lock.acquire(path)).pipe(Effect.provide(disk.layer)))
      assert.strictEqual(error._tag, "JournalUnwritable")
      assert.strictEqual(error.message, `the lock ${lockFile} cannot be taken: permission denied`)
    })
  )
})

describe("of several that want a lock at once", () => {
  /** Processes that run until they are done with it, or are told that it is taken; who holds it, holds it for a while. */
  const race = Effect.fnUntraced(function* (disk: FaultDisk.FaultDisk, pids: ReadonlyArray<number>) {
    const all = pids.map((pid) => process(pid))
    let inside = 0
    let most = 0
    const exits = yield* Effect.forEach(
      all,
      Effect.fnUntraced(function* (self) {
        const pause = Effect.flatMap(Random.nextIntBetween(0, 12), (turns) =>
          Effect.forEach(Array.from({ length: turns }), () => Effect.yieldNow)
        )
        yield* pause
        return yield* Effect.exit(
          Effect.gen(function* () {
            yield* Lock.acquire(path)
            most = Math.max(most, ++inside)
            yield* pause
            inside--
          }).pipe(Effect.scoped, Effect.provide([disk.layer, machine(self, all)]))
        )
      }),
      { concurrency: "unbounded" }
    )
    const defects = exits.filter((exit) => Exit.isFailure(exit) && !String(exit).includes("RunLocked"))
    return { most, winners: exits.filter(Exit.isSuccess).length, defects }
  })

  it.effect("exactly one at a time gets it, also where all find a stale one", () =>
    Effect.gen(function* () {
      for (let seed = 0; seed < 300; seed++) {
        const disk = seed % 3 === 0 ? FaultDisk.make() : locked(process(99))
        const { defects, most, winners } = yield* race(disk, [1, 2, 3, 4]).pipe(Random.withSeed(`${seed}`))
        assert.deepStrictEqual(defects, [], `seed ${seed}`)
        assert.strictEqual(most, 1, `seed ${seed}`)
        assert.isAtLeast(winners, 1, `seed ${seed}`)
        assert.deepStrictEqual(names(disk), [], `seed ${seed}`)
      }
    })
  )

  it.effect("exactly one at a time gets it, also where one before died while it took over a stale one", () =>
    Effect.gen(function* () {
      const self = machine(process(50))
      const clean = locked(process(99))
      yield* attempt(clean, self)
      for (let at = 1; at <= clean.operations().length; at++) {
        for (const crash of ["before", "after"] as const) {
          const owner = { ...process(99), since: 1, token: "of another process" }
          const disk = FaultDisk.make(
            { crash: ({ number }) => (number === at ? crash : undefined) },
            { [lockFile]: JSON.stringify(owner) }
          )
          yield* attempt(disk, self)
          const after = disk.afterKill()
          const { defects, most, winners } = yield* race(after, [1, 2, 3]).pipe(Random.withSeed(`${at}`))
          assert.deepStrictEqual(defects, [], `${crash} ${at}`)
          assert.deepStrictEqual([most, Math.min(1, winners)], [1, 1], `${crash} ${at}`)
          assert.isFalse(names(after).includes(lockFile), `${crash} ${at}`)
        }
      }
    })
  )
})

describe("the processes of this machine", () => {
  it.effect("are known", () =>
    Effect.gen(function* () {
      const { find, self } = yield* Processes
      assert.strictEqual(self.pid, globalThis.process.pid)
      assert.deepStrictEqual(find(self.pid), self)
      assert.isUndefined(find(2 ** 22 + 1))
      assert.isAbove(self.host.length, 0)
      const fs = FaultDisk.make().fileSystem
      yield* Effect.scoped(Lock.acquire(path)).pipe(Effect.provideService(FileSystem.FileSystem, fs))
    })
  )
})
