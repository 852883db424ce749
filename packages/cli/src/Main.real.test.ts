import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, start } from "../fixture/backprose.ts"
import { Json } from "./run/RunRecord.ts"

it.live("a run with the smallest embedded model comes to its end", () =>
  Effect.gen(function* () {
    const cwd = yield* folder
    const dir = `${cwd}/run`
    const args = ["optimize", "triage", "--model", "local:qwen2.5-coder-0.5b", "--limit", "3", "--steps", "1"]
    const ended = yield* (yield* start([...args, "--run-dir", dir], { cwd })).ended
    assert.strictEqual(ended.code, 0, ended.err)
    const text = yield* (yield* FileSystem.FileSystem).readFileString(`${dir}/run.json`)
    const record = Schema.decodeUnknownSync(Json)(text)
    assert.deepStrictEqual([record.status, record.before?.n], ["finished", 3])
    assert.isAbove(record.usage.outputTokens, 0)
    assert.include(ended.out, "Test score")
  }).pipe(Effect.scoped, Effect.provide(platform))
)
