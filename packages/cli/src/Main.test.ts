import { spawnSync } from "node:child_process"
import { Event } from "@backprose/core"
import { Fault } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, FileSystem, Schema } from "effect"
import { folder, main, platform, server, start, task } from "../fixture/backprose.ts"
import { Json } from "./run/RunRecord.ts"

const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(Event.Event))
const decodeRecord = Schema.decodeUnknownSync(Json)

describe("the process", () => {
  it.live("tells its version", () =>
    Effect.gen(function* () {
      const ended = yield* (yield* start(["--version"], { cwd: yield* folder })).ended
      assert.strictEqual(ended.code, 0)
      assert.match(ended.out, /^\d+\.\d+\.\d+\n$/)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("keeps a run under the current folder, and its standard output clean under --json", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const cwd = yield* folder
      const { url } = yield* server()
      const ended = yield* (yield* start(["optimize", task, "--json"], { cwd, env: { OPENAI_BASE_URL: url } })).ended
      assert.strictEqual(ended.code, 0, ended.err)
      assert.strictEqual(ended.err, "")
      const lines = ended.out.trimEnd().split("\n")
      for (const line of lines.slice(0, -1)) decodeEvent(line)
      const [name] = yield* fs.readDirectory(`${cwd}/.backprose/runs`)
      assert.strictEqual(decodeRecord(lines.at(-1)).run, name)
      assert.match(name ?? "", /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-colours$/)
      const runs = yield* (yield* start(["runs"], { cwd })).ended
      assert.include(runs.out, "0.00 → 1.00")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("says all that it has to say, also to a reader that takes its time", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const cwd = yield* folder
      const { url } = yield* server()
      const run = yield* start(["optimize", task, "--base-url", url, "--run-dir", "run"], { cwd })
      assert.strictEqual((yield* run.ended).code, 0)
      // more than any pipe holds
      const record = decodeRecord(yield* fs.readFileString(`${cwd}/run/run.json`))
      yield* fs.writeFileString(
        `${cwd}/run/run.json`,
        JSON.stringify({ ...record, initial: { instructions: "x".repeat(1_000_000) } })
      )
      const read = spawnSync(
        "sh",
        ["-c", '"$0" --conditions=@backprose/source "$1" show run --json | (sleep 1; wc -c)', process.execPath, main],
        { cwd }
      )
      assert.isAbove(Number(String(read.stdout)), 1_000_000)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("refuses a missing key by its exit code", () =>
    Effect.gen(function* () {
      const ended = yield* (yield* start(["optimize", task, "--model", "openai:m"], { cwd: yield* folder })).ended
      assert.strictEqual(ended.code, 3)
      assert.match(ended.err, /^backprose: .*OPENAI_API_KEY.*\n$/)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("stops at the first interrupt, hangs up, keeps what there is and says where", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = `${yield* folder}/run`
      // the test and the validation of the start are answered, nothing after them
      const provider = yield* server({ replies: 18, instead: () => Fault.hang })
      const process = yield* start(["optimize", task, "--base-url", provider.url, "--run-dir", dir], {
        cwd: yield* folder
      })
      yield* provider.until(({ requests }) => requests >= 22)
      const before = yield* Clock.currentTimeMillis
      yield* process.signal("SIGINT")
      const ended = yield* process.ended
      const took = (yield* Clock.currentTimeMillis) - before
      assert.strictEqual(ended.code, 130, ended.err)
      assert.isBelow(took, 4000)
      assert.include(ended.err, `show ${dir}`)
      yield* provider.until(({ openSockets }) => openSockets === 0)
      const record = decodeRecord(yield* fs.readFileString(`${dir}/run.json`))
      assert.deepStrictEqual([record.status, record.before?.n], ["interrupted", 12])
      assert.deepStrictEqual(JSON.parse(yield* fs.readFileString(`${dir}/parameters.json`)), record.best)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("interrupted before the first reply leaves no run", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const cwd = yield* folder
      const provider = yield* server({ instead: () => Fault.hang })
      const process = yield* start(["optimize", task, "--base-url", provider.url], { cwd })
      yield* provider.until(({ requests }) => requests >= 2)
      yield* process.signal("SIGINT")
      assert.strictEqual((yield* process.ended).code, 130)
      assert.deepStrictEqual(yield* fs.readDirectory(cwd), [])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
