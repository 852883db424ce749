import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform } from "../../fixture/backprose.ts"
import * as RunFolder from "./RunFolder.ts"
import type { RunRecord } from "./RunRecord.ts"
import * as readRun from "./readRun.ts"

const usage = { calls: 1, inputTokens: 2, cachedInputTokens: 0, outputTokens: 3 }
const record: RunRecord = {
  _tag: "RunRecord",
  version: 1,
  run: "r",
  task: "t",
  status: "running",
  startedAt: 1,
  elapsedMs: 2,
  settings: { optimizer: "tgd", selector: "latest", steps: 1, batchSize: 1, concurrency: 1, seed: 0 },
  models: { forward: "openai:m", backward: "openai:m", optimizer: "openai:m" },
  sizes: { train: 1, validation: 0, test: 0 },
  candidate: 0,
  initial: { p: "a" },
  best: { p: "b" },
  usage
}
const event = { _tag: "StepSkipped", run: "r", step: 1, at: 5, usage, reason: "nothing" } as const

describe("the folder of a run", () => {
  it.live("gives back what was written, and leaves nothing else behind", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = `${yield* folder}/new/run`
      const opened = yield* RunFolder.open(dir)
      yield* opened.saveRecord(record)
      yield* opened.saveParameters(record.best)
      yield* opened.append(event)
      yield* opened.append({ ...event, step: 2 })
      assert.deepStrictEqual(yield* readRun.record(dir), record)
      // nobody runs it
      assert.strictEqual((yield* readRun.find(dir)).record.status, "stopped")
      assert.deepStrictEqual(yield* readRun.events(dir), [event, { ...event, step: 2 }])
      assert.sameMembers(yield* fs.readDirectory(dir), ["events.jsonl", "parameters.json", "run.json"])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("is readable after a crash in the middle of a line", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      yield* (yield* RunFolder.open(dir)).append(event)
      yield* fs.writeFileString(`${dir}/${RunFolder.files.events}`, '{"_tag":"StepSk', { flag: "a" })
      assert.deepStrictEqual(yield* readRun.events(dir), [event])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("can be taken away again, with the folders that were made for it and no others", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const opened = yield* RunFolder.open(`${dir}/a/b`)
      yield* opened.saveRecord(record)
      yield* opened.discard
      assert.deepStrictEqual(yield* fs.readDirectory(dir), [])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("is refused where it holds something, or cannot be made", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      yield* fs.writeFileString(`${dir}/file`, "x")
      const full = yield* Effect.flip(RunFolder.open(dir))
      assert.include(full.message, "is not empty")
      const below = yield* Effect.flip(RunFolder.open(`${dir}/file/run`))
      assert.include(below.message, `${dir}/file/run cannot be written`)
      assert.deepStrictEqual(yield* fs.readDirectory(dir), ["file"])
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("is left alone where a link stands in the place of a file, or of one that may come to be", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      for (const name of ["events.jsonl", "journal.log.lock", "run.json.part"]) {
        const dir = `${yield* folder}/run`
        yield* (yield* RunFolder.open(dir)).saveRecord(record)
        yield* RunFolder.check(dir)
        yield* fs.remove(`${dir}/${name}`, { force: true })
        yield* fs.symlink("/nowhere", `${dir}/${name}`)
        assert.include((yield* Effect.flip(RunFolder.check(dir))).message, `${name} is no plain file`)
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
