import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import { Json } from "../run/RunRecord.ts"

describe("optimize --initial", () => {
  it.live("begins with the parameters of a file, and goes on with them though the file is gone", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const file = `${dir}/start.json`
      const instructions = "Say what you know. FACT k0 is black."
      yield* fs.writeFileString(file, JSON.stringify({ instructions }))
      const { requests, url } = yield* server()
      const at = `${dir}/run`
      const where = ["--base-url", url, "--max-calls"]
      const model = ["--model", "openai:student"]
      const ended = yield* run(["optimize", task, "--initial", file, "--run-dir", at, ...model, ...where, "3"])
      assert.strictEqual(ended.code, 4, ended.err)
      assert.include(ended.err, `at first those of ${file}`)
      for (const { body } of yield* requests) assert.include(JSON.stringify(body), instructions)
      const read = Effect.map(fs.readFileString(`${at}/run.json`), Schema.decodeUnknownSync(Json))
      const { initial, settings } = yield* read
      assert.deepStrictEqual([initial, settings.initial], [{ instructions }, file])

      yield* fs.remove(file)
      const again = yield* run(["resume", at, "--task", task, ...where, "200"])
      assert.strictEqual(again.code, 0, again.err)
      assert.deepInclude(yield* read, { status: "finished", initial: { instructions } })
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("refuses a file that is not there or does not fit the task, before a model is asked", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/start.json`
      const { counts, url } = yield* server()
      const refused = Effect.fnUntraced(function* (said: RegExp) {
        const ended = yield* run(["optimize", task, "--initial", file, "--base-url", url])
        assert.strictEqual(ended.code, 2, ended.err)
        assertOneLine(ended.err)
        assert.match(ended.err, said)
      })
      yield* refused(/start\.json: cannot be read/)
      yield* fs.writeFileString(file, `{"prompt": "Be brief."}`)
      yield* refused(/start\.json: there is no parameter "prompt"; there are: instructions/)
      assert.strictEqual((yield* counts).requests, 0)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
