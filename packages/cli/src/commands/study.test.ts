import { Fault } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schedule } from "effect"
import { folder, platform, run, server, start } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"

const asked = ["solve", "word-problems", "--limit", "2", "--steps", "1", "--model", "openai:student"]

const linesOf = (dir: string) =>
  Effect.gen(function* () {
    const text = yield* (yield* FileSystem.FileSystem).readFileString(`${dir}/attempts.jsonl`)
    return text.split("\n").filter((line) => line !== "")
  })

describe("a study", () => {
  it.live(
    "that was killed can be looked at, gone on with, and listed",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        const dir = `${cwd}/.backprose/studies/mine`
        // the first question is answered by all methods; of the second one nothing comes
        const half = yield* server({ replies: 9, instead: () => Fault.hang })
        const killed = yield* start([...asked, "--concurrency", "1", "--base-url", half.url, "--run-dir", dir], { cwd })
        yield* linesOf(dir).pipe(
          Effect.filterOrFail((lines) => lines.length > 0),
          Effect.retry({ schedule: Schedule.spaced("50 millis"), times: 400 })
        )
        yield* killed.signal("SIGKILL")
        yield* killed.ended
        const done = (yield* linesOf(dir)).length

        const shown = yield* run(["show", dir])
        assert.strictEqual(shown.code, 0, shown.err)
        assert.include(shown.out, `stopped: ${done} of 6 attempts`)
        assert.include(shown.out, "zero-shot")
        assert.notInclude(shown.out, "0 calls")

        const whole = yield* server()
        const again = yield* run([...asked, "--concurrency", "1", "--base-url", whole.url, "--run-dir", dir])
        assert.strictEqual(again.code, 0, again.err)
        assert.strictEqual((yield* linesOf(dir)).length, 6)
        assert.strictEqual((yield* run(["show", dir])).out.trim(), again.out.trim())
        const record = JSON.parse((yield* run(["show", dir, "--json"])).out)
        assert.deepInclude(record, { _tag: "StudyRecord", status: "finished", attempts: 6 })

        const listed = yield* (yield* start(["runs"], { cwd })).ended
        assert.match(listed.out, /^ {2}study +status +answers/)
        assert.match(listed.out, /mine +finished +0\.\d\d → 0\.\d\d +n 2 .*openai:student/)
      }).pipe(Effect.scoped, Effect.provide(platform)),
    60_000
  )

  it.live("that its budget ended says what it is worth so far", () =>
    Effect.gen(function* () {
      const dir = `${yield* folder}/study`
      const { url } = yield* server()
      const ended = yield* run([...asked, "--base-url", url, "--run-dir", dir, "--max-calls", "7"])
      assert.strictEqual(ended.code, 4, ended.err)
      assert.include(ended.err, `show ${dir}`)
      const { out } = yield* run(["show", dir])
      assert.match(out, /stopped: \d of 6 attempts/)
      assert.match(out, /cost +\d calls/)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("says at how many calls it compares, and whose advantage it is where they differ", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const { url } = yield* server()
      const ended = yield* run([...asked, "--base-url", url, "--run-dir", dir])
      assert.strictEqual(ended.code, 0, ended.err)
      const record = JSON.parse(yield* fs.readFileString(`${dir}/study.json`))
      const gain = { gain: 0, low: -0.1, high: 0.1, p: 1, n: 2 }
      const of = { method: "self-critique", reading: "vote of 2", calls: 3 }
      const equalBudget = [3, 4, 2].map((calls) => ({ of, over: { method: "other", reading: "last", calls }, gain }))
      const told = { ...record, report: { ...record.report, equalBudget } }
      yield* fs.writeFileString(`${dir}/study.json`, JSON.stringify(told))
      const { out } = yield* run(["show", dir])
      assert.include(out, "  at equal calls  self-critique (3.0) over other (3.0): ")
      assert.include(out, "  at fewer calls  self-critique (3.0) over other (4.0): ")
      assert.include(out, "  at more calls   self-critique (3.0) over other (2.0): ")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("whose record is none of ours is refused in one line", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      yield* fs.writeFileString(`${dir}/study.json`, "{}")
      const { code, err } = yield* run(["show", dir])
      assert.strictEqual(code, 2)
      assertOneLine(err)
      assert.include(err, "no record of a study")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
