import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import { Json } from "../run/RunRecord.ts"

const decodeRecord = Schema.decodeUnknownSync(Json)

/** A server, a folder, and the command with a cache inside of it. */
const world = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const dir = yield* folder
  const { url, requests } = yield* server()
  const asked = Effect.map(requests, (all) => all.filter(({ api }) => api !== "models").length)
  const command = (args: ReadonlyArray<string>) => run(args, { XDG_CACHE_HOME: `${dir}/cache` })
  const record = (name: string) =>
    Effect.map(fs.readFileString(`${dir}/${name}/run.json`), (text) => decodeRecord(text))
  const optimize = (name: string, ...more: ReadonlyArray<string>) =>
    command(["optimize", task, "--base-url", url, "--steps", "2", "--run-dir", `${dir}/${name}`, "--cache", ...more])
  return { asked, command, dir, fs, optimize, record, url, replies: `${dir}/cache/backprose/replies` }
})

describe("--cache", () => {
  it.live("lets the same run cost nothing the second time, and says so", () =>
    Effect.gen(function* () {
      const { asked, optimize, record } = yield* world
      const first = yield* optimize("one")
      assert.strictEqual(first.code, 0, first.err)
      const paid = yield* asked
      const before = yield* record("one")
      const second = yield* optimize("two")
      assert.strictEqual(second.code, 0, second.err)
      assert.strictEqual(yield* asked, paid)
      const after = yield* record("two")
      assert.deepStrictEqual([after.best, after.before, after.after], [before.best, before.before, before.after])
      assert.strictEqual(after.usage.calls, 0)
      assert.strictEqual(after.cached, before.usage.calls + (before.cached ?? 0))
      assert.include(second.out, `${after.cached} replies from the cache`)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("is off unless given", () =>
    Effect.gen(function* () {
      const { asked, command, fs, replies, url } = yield* world
      for (const calls of [3, 6]) {
        const ended = yield* command(["evaluate", task, "--base-url", url, "--limit", "3"])
        assert.strictEqual(ended.code, 0, ended.err)
        assert.notInclude(ended.out, "from the cache")
        assert.strictEqual(yield* asked, calls)
      }
      assert.isFalse(yield* fs.exists(replies))
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("serves evaluate and solve from what optimize had, and each other", () =>
    Effect.gen(function* () {
      const { asked, command, optimize, url } = yield* world
      yield* optimize("one")
      const before = yield* asked
      const evaluated = yield* command(["evaluate", task, "--base-url", url, "--cache", "--json"])
      assert.strictEqual(JSON.parse(evaluated.out.trimEnd().split("\n").at(-1)!).cached, 12)
      assert.strictEqual(evaluated.err, "")
      assert.strictEqual(yield* asked, before)
      const solving = ["solve", "--role", "remark", "--objective", "true", "--base-url", url, "--steps", "1", "--cache"]
      const once = yield* command(solving)
      const paid = yield* asked
      const again = yield* command(solving)
      assert.deepStrictEqual([again.code, again.out], [once.code, once.out])
      assert.strictEqual(yield* asked, paid)
      assert.include(again.err, "from the cache")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("is remembered by a run that is resumed, whose budget it does not touch", () =>
    Effect.gen(function* () {
      const { asked, command, dir, optimize, record, url } = yield* world
      yield* optimize("whole")
      const paid = yield* asked
      const stopped = yield* optimize("half", "--max-calls", "5")
      assert.strictEqual(stopped.code, 0, stopped.err)
      assert.strictEqual((yield* record("half")).settings.cache, true)
      assert.strictEqual(yield* asked, paid)
      const none = ["cache", "clear"]
      yield* command(none)
      assert.strictEqual((yield* optimize("cold", "--max-calls", "8")).code, 4)
      const { cached = 0 } = yield* record("cold")
      const args = ["resume", `${dir}/cold`, "--task", task, "--base-url", url, "--max-calls", "1000"]
      const resumed = yield* command(args)
      assert.strictEqual(resumed.code, 0, resumed.err)
      const end = yield* record("cold")
      assert.isAtLeast(end.cached ?? 0, cached)
      assert.strictEqual(end.best["instructions"], (yield* record("whole")).best["instructions"])
      // it went on to keep what it asked
      const asks = yield* asked
      yield* optimize("after")
      assert.strictEqual(yield* asked, asks)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("that cannot be used is said once on standard error, and the command does its work", () =>
    Effect.gen(function* () {
      const { command, dir, fs, url } = yield* world
      yield* fs.writeFileString(`${dir}/cache`, "a file where the folder should be")
      const ended = yield* command(["evaluate", task, "--base-url", url, "--limit", "3", "--cache", "--json"])
      assert.strictEqual(ended.code, 0)
      assert.lengthOf(ended.out.trimEnd().split("\n"), 4)
      assert.lengthOf(ended.err.trimEnd().split("\n"), 2)
      assert.match(ended.err, /cannot be read[^]*cannot be written/)
      for (const args of [["cache"], ["cache", "clear"]]) {
        const refused = yield* command(args)
        assert.strictEqual(refused.code, 2)
        assertOneLine(refused.err)
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})

describe("backprose cache", () => {
  it.live("shows what is kept, and clear removes that alone", () =>
    Effect.gen(function* () {
      const { command, fs, optimize, record, replies } = yield* world
      const empty = yield* command(["cache"])
      assert.deepStrictEqual([empty.code, empty.out.includes("0 replies")], [0, true])
      yield* optimize("one")
      const { cached = 0, usage } = yield* record("one")
      yield* fs.writeFileString(`${replies}/notes.txt`, "mine")
      const shown = yield* command(["cache"])
      assert.include(shown.out, replies)
      assert.include(shown.out, `${usage.calls} replies`, `${cached} were shared`)
      const json = JSON.parse((yield* command(["cache", "--json"])).out)
      assert.deepStrictEqual([json._tag, json.path, json.entries], ["ReplyCache", replies, usage.calls])
      assert.isAbove(json.bytes, 0)
      assert.include((yield* command(["cache", "clear"])).err, `${usage.calls} replies removed`)
      assert.strictEqual(JSON.parse((yield* command(["cache", "--json"])).out).entries, 0)
      assert.strictEqual(yield* fs.readFileString(`${replies}/notes.txt`), "mine")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
