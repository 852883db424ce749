import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Deferred, Effect, Fiber, FileSystem } from "effect"
import * as Source from "./Source.ts"
import { SourceUnavailable } from "./SourceUnavailable.ts"

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A server on the loopback for as long as the scope is open, and how often it was asked. */
const serve = (handler: Handler) =>
  Effect.acquireRelease(
    Effect.callback<{ url: string; asked: () => number; close: () => void }>((resume) => {
      let asked = 0
      const server = createServer((request, response) => {
        asked++
        handler(request, response)
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        const close = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}/rows.jsonl`, asked: () => asked, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

const whole =
  (body: string | Uint8Array): Handler =>
  (_, response) =>
    void response.writeHead(200, { "content-length": Buffer.byteLength(body) }).end(body)

const sha256 = (body: string | Uint8Array) => createHash("sha256").update(body).digest("hex")
const text = (file: string) => Effect.flatMap(FileSystem.FileSystem, (fs) => fs.readFileString(file))

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

/** What lies in a cache, without names that say which process made it. */
const kept = (cache: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    return (yield* fs.exists(cache))
      ? (yield* fs.readDirectory(cache)).map((name) => name.replace(/^[0-9a-f]{32}-/, ""))
      : []
  })

const refusal = (given: string, options: Source.Options) =>
  Effect.map(Effect.flip(Source.read(given, options, text)), (error) => {
    assert.instanceOf(error, SourceUnavailable)
    assert.strictEqual(error.tried.length, 1)
    assert.include(error.message, error.tried[0]!)
    return error as SourceUnavailable
  })

const body = `{"id":"1"}\n${"x".repeat(200_000)}\n`

describe("a source on the web", () => {
  it.live("is fetched once, hashed, and read from the cache from then on", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* serve(whole(body))
      const cache = join(yield* folder, "deep", "data")
      for (let time = 0; time < 3; time++) assert.strictEqual(yield* Source.read(url, { cache }, text), body)
      assert.strictEqual(asked(), 1)
      assert.sameMembers(
        (yield* kept(cache)).map((name) => name.replace(/^[0-9a-f]{32}\.json/, "note")),
        ["rows.jsonl", "note"]
      )
      assert.strictEqual(yield* Source.read(url, { cache, sha256: sha256(body).toUpperCase() }, text), body)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("is kept where the user keeps caches: BACKPROSE_CACHE, XDG_CACHE_HOME, or the home folder", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(whole(body))
      const home = yield* folder
      const read = (env: Record<string, string>) =>
        Source.read(url, {}, Effect.succeed).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))
      assert.include(yield* read({ BACKPROSE_CACHE: home, XDG_CACHE_HOME: "/nowhere" }), join(home, "data", ""))
      assert.include(yield* read({ XDG_CACHE_HOME: home }), join(home, "backprose", "data", ""))
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is not the published file is refused, with both checksums, and not kept", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(whole(body))
      const cache = yield* folder
      const { message } = yield* refusal(url, { cache, sha256: sha256("other") })
      assert.include(message, sha256(body))
      assert.include(message, sha256("other"))
      assert.deepStrictEqual(yield* kept(cache), [])
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live(
    "may be given with the checksum of what is wanted, and then nothing else is taken, at first use or later",
    () =>
      Effect.gen(function* () {
        const { asked, url } = yield* serve(whole(body))
        const cache = yield* folder
        const wanted = `${url}#sha256=${sha256(body)}`
        const other = `${url}#sha256=${sha256("other")}`
        assert.include((yield* refusal(other, { cache })).message, `its SHA-256 is ${sha256(body)}`)
        assert.deepStrictEqual(yield* kept(cache), [])
        assert.strictEqual(yield* Source.read(wanted, { cache }, text), body)
        assert.strictEqual(yield* Source.read(url, { cache }, text), body)
        assert.include((yield* refusal(other, { cache })).message, sha256("other"))
        assert.strictEqual(asked(), 2)
      }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is an archive or a binary format is refused before it is fetched", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* serve(whole(body))
      const cache = yield* folder
      for (const name of ["test.parquet", "data.zip?download=true", "data.tar.gz"]) {
        const given = url.replace("rows.jsonl", name)
        assert.include((yield* refusal(given, { cache })).message, "Unpack it")
      }
      assert.strictEqual(asked(), 0)
      assert.deepStrictEqual(yield* kept(cache), [])
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("is pinned at its first use: the copy is checked each time, and other bytes in its place are refused", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      let served = body
      const { url } = yield* serve((request, response) => whole(served)(request, response))
      const cache = yield* folder
      const copy = yield* Source.read(url, { cache }, Effect.succeed)
      assert.include((yield* refusal(url, { cache, sha256: sha256("other") })).message, "that of the published file is")
      yield* fs.writeFileString(copy, `${body.slice(0, -2)}y\n`)
      const damage = yield* refusal(url, { cache })
      assert.include(damage.message, `${copy} is damaged`)
      yield* fs.remove(copy)
      served = "something else\n"
      assert.include((yield* refusal(url, { cache })).message, `was ${sha256(body)} at first use`)
      served = body
      assert.strictEqual(yield* Source.read(url, { cache }, text), body)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that breaks off, is missing, or is a web page leaves nothing behind, and is had at the next attempt", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<readonly [Handler, RegExp]> = [
        [
          (_, response) => {
            response.writeHead(200, { "content-length": body.length })
            response.write(body.slice(0, 1000), () => setTimeout(() => response.destroy(), 20))
          },
          /closed|terminated|aborted/
        ],
        [
          (_, response) => {
            response.writeHead(200, { "transfer-encoding": "chunked" })
            response.write(body.slice(0, 1000), () => setTimeout(() => response.destroy(), 20))
          },
          /closed|terminated|aborted/
        ],
        [(_, response) => void response.writeHead(404).end("no"), /answered 404/],
        [(_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"), /web page/],
        [(_, response) => void response.writeHead(302, { location: "ftp://127.0.0.1/x" }).end(), /./],
        [(request) => void request.socket.destroy(), /./]
      ]
      let answer: Handler = whole(body)
      const { url } = yield* serve((request, response) => answer(request, response))
      for (const [bad, reason] of answers) {
        const cache = yield* folder
        answer = bad
        assert.match((yield* refusal(url, { cache })).tried[0]!, reason)
        assert.deepStrictEqual(yield* kept(cache), [])
        answer = whole(body)
        assert.strictEqual(yield* Source.read(url, { cache }, text), body)
      }
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("is found where the server sends on to", () =>
    Effect.gen(function* () {
      const { url } = yield* serve((request, response) =>
        request.url === "/elsewhere"
          ? whole(body)(request, response)
          : void response.writeHead(302, { location: "/elsewhere" }).end()
      )
      assert.strictEqual(yield* Source.read(url, { cache: yield* folder }, text), body)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is slow is waited for, and one that is silent is not", () =>
    Effect.gen(function* () {
      const pieces = [..."abcdefgh"]
      const slow: Handler = (_, response) => {
        response.writeHead(200)
        for (const [i, piece] of pieces.entries()) setTimeout(() => response.write(piece), 100 * i)
        setTimeout(() => response.end(), 100 * pieces.length)
      }
      const seen: Array<number> = []
      const onProgress = ({ received }: { readonly received: number }) => Effect.sync(() => void seen.push(received))
      const patient = { silenceMs: 600, connectMs: 600, onProgress }
      const { url } = yield* serve(slow)
      assert.strictEqual(yield* Source.read(url, { ...patient, cache: yield* folder }, text), "abcdefgh")
      assert.deepStrictEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8])
      const silent = yield* serve((_, response) => void response.writeHead(200).write("a"))
      assert.match(
        (yield* refusal(silent.url, { ...patient, cache: yield* folder })).message,
        /nothing arrived for 0.6 s/
      )
      const mute = yield* serve(() => undefined)
      assert.match((yield* refusal(mute.url, { ...patient, cache: yield* folder })).message, /no answer within 0.6 s/)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is interrupted leaves nothing, closes its connection, and is read at the next attempt", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const closed = yield* Deferred.make<void>()
      let hold = true
      const { url } = yield* serve((request, response) => {
        if (!hold) return whole(body)(request, response)
        response.writeHead(200).write(body.slice(0, 1000))
        response.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
      })
      const cache = yield* folder
      const onProgress = () => Effect.asVoid(Deferred.succeed(begun, undefined))
      const fiber = yield* Effect.forkChild(Source.read(url, { cache, onProgress }, text))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      yield* Deferred.await(closed)
      assert.deepStrictEqual(yield* kept(cache), [])
      hold = false
      assert.strictEqual(yield* Source.read(url, { cache }, text), body)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live(
    "larger than the limit is refused, whether the server says so or not, and so is one that unpacks to more",
    () =>
      Effect.gen(function* () {
        const announced = yield* serve(whole(body))
        const unannounced = yield* serve((_, response) => void response.writeHead(200).end(body))
        for (const { url } of [announced, unannounced]) {
          const { message } = yield* refusal(url, { cache: yield* folder, maxBytes: 1000 })
          assert.include(message, "larger than 1000 bytes")
        }
        const bomb = join(yield* folder, "rows.jsonl.gz")
        yield* (yield* FileSystem.FileSystem).writeFile(bomb, gzipSync("0".repeat(1_000_000)))
        assert.match((yield* refusal(bomb, { maxBytes: 10_000 })).message, /cannot be unpacked/)
      }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("takes away what a process that was killed a day ago left of a fetch, and nothing of today's", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { url } = yield* serve(whole(body))
      const cache = yield* folder
      for (const [name, written] of [
        ["part-old", Date.now() - 2 * 86_400_000],
        ["part-young", Date.now()]
      ] as const) {
        yield* fs.makeDirectory(join(cache, name))
        yield* fs.utimes(join(cache, name), new Date(written), new Date(written))
      }
      yield* Source.read(url, { cache }, text)
      const parts = (yield* fs.readDirectory(cache)).filter((name) => name.startsWith("part-"))
      assert.deepStrictEqual(parts, ["part-young"])
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is packed is kept as published and unpacked for the reader alone", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const bytes = gzipSync(body)
      const { asked, url } = yield* serve(whole(bytes))
      const options = { cache: yield* folder, sha256: sha256(bytes) }
      const plain = yield* Source.read(`${url}.gz`, options, (file) => Effect.as(text(file), file))
      assert.match(plain, /rows\.jsonl$/)
      assert.isFalse(yield* fs.exists(plain))
      assert.strictEqual(yield* Source.read(`${url}.gz`, options, text), body)
      assert.strictEqual(asked(), 1)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that may not be copied is neither fetched nor kept", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* serve(whole(body))
      const cache = yield* folder
      assert.include((yield* refusal(url, { cache, ownOnly: true })).message, "give its path")
      assert.strictEqual(asked(), 0)
      assert.deepStrictEqual(yield* kept(cache), [])
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("keeps what its query holds out of messages and notes", () =>
    Effect.gen(function* () {
      const { url } = yield* serve((_, response) => void response.writeHead(403).end())
      const error = yield* refusal(`${url}?token=sesame`, { cache: yield* folder })
      assert.notInclude(JSON.stringify(error), "sesame")
      for (const given of ["http://example.org/rows.jsonl?token=sesame", "https://me:sesame@example.org/rows.jsonl"])
        assert.notInclude(JSON.stringify(yield* refusal(given, {})), "sesame")
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )
})

describe("a source of the user's own", () => {
  it.live("is read in place, packed or not", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const own = yield* folder
      yield* fs.writeFileString(join(own, "rows.jsonl"), body)
      yield* fs.writeFile(join(own, "more.jsonl.gz"), gzipSync(body))
      const file = yield* Source.read(join(own, "rows.jsonl"), { ownOnly: true }, Effect.succeed)
      assert.strictEqual(file, join(own, "rows.jsonl"))
      assert.strictEqual(yield* Source.read(join(own, "more.jsonl.gz"), {}, text), body)
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is a folder gives the file of the split, and is refused where it is not plain which", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const own = yield* folder
      const put = (...names: ReadonlyArray<string>) =>
        Effect.forEach(names, (name) => fs.writeFileString(join(own, name), name))
      yield* put("train.jsonl", "socratic_train.jsonl", "val.jsonl", "test-public.jsonl", "README.md", ".train.jsonl")
      assert.strictEqual(yield* Source.read(own, { split: "train" }, text), "train.jsonl")
      assert.strictEqual(yield* Source.read(own, { split: "validation" }, text), "val.jsonl")
      assert.strictEqual(yield* Source.read(own, { split: "test" }, text), "test-public.jsonl")
      assert.include((yield* refusal(own, {})).message, "several data files")
      yield* put("dev.csv", "machine_learning_test.csv")
      assert.include((yield* refusal(own, { split: "validation" })).message, "dev.csv")
      assert.include((yield* refusal(own, { split: "test" })).message, "several files of the test split")
      const empty = yield* folder
      assert.include((yield* refusal(empty, { split: "test" })).message, "no .jsonl, .json or .csv file")
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )

  it.live("that is not there, or no file of rows, says so", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const own = yield* folder
      assert.include((yield* refusal(join(own, "gone.jsonl"), {})).message, "there is no such file or folder")
      yield* fs.writeFileString(join(own, "dataset.zip"), "PK")
      assert.include((yield* refusal(join(own, "dataset.zip"), {})).message, "Unpack it")
      yield* fs.writeFileString(join(own, "rows.jsonl.gz"), "no gzip")
      assert.include((yield* refusal(join(own, "rows.jsonl.gz"), {})).message, "cannot be unpacked")
    }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
  )
})
