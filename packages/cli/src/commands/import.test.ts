import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform, run } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import * as Log from "../../fixture/textgradLog.ts"

const test = (name: string, body: Effect.Effect<void, unknown, any>) =>
  it.live(name, () => body.pipe(Effect.scoped, Effect.provide(platform)) as Effect.Effect<void, unknown>)

const written = Effect.fnUntraced(function* (text: string) {
  const fs = yield* FileSystem.FileSystem
  const dir = yield* folder
  yield* fs.writeFileString(`${dir}/then.jsonl`, text)
  return { dir, log: `${dir}/then.jsonl` }
})

describe("backprose import", () => {
  test(
    "makes a run of a log that show and diff print, with what the log tells and no more",
    Effect.gen(function* () {
      const { dir, log } = yield* written(Log.text(Log.run))
      const taken = yield* run(["import", log, "--run-dir", `${dir}/run`])
      assert.deepStrictEqual([taken.code, taken.err], [0, ""])
      assert.include(taken.out, "2 steps, 1 variable, 7 calls")
      const shown = yield* run(["show", `${dir}/run`])
      assert.strictEqual(shown.code, 0, shown.err)
      for (const part of [
        "A run of TextGrad, from then.jsonl",
        "step 1/2      accepted",
        "step 2/2      rejected  the program put back what was before",
        "  - Count.\n  + Count the animals.",
        "Test score\n  not in the log",
        "7 calls · tokens unknown"
      ]) {
        assert.include(shown.out, part)
      }
      assert.notMatch(shown.out, /0 tokens|0 to train|seed 0|failed/)
      const changed = yield* run(["diff", `${dir}/run`, "--json"])
      const [{ after, before, lineage, parameter }] = JSON.parse(changed.out).parameters
      assert.deepStrictEqual([parameter, before, after], [Log.role, "Count.", "Count the animals."])
      assert.deepStrictEqual(
        lineage.map((change: { reason: string; step: number }) => [change.step, change.reason]),
        [[1, "told: Say of what kind."]]
      )
    })
  )

  test(
    "as JSON is the record of the run; parameters.json has what the program was left with",
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { dir, log } = yield* written(Log.text(Log.run))
      const { code, err, out } = yield* run(["import", log, "--run-dir", `${dir}/run`, "--json"])
      assert.deepStrictEqual([code, err], [0, ""])
      const record = JSON.parse(out)
      assert.deepStrictEqual([record.status, record.stopped, record.candidate], ["finished", "log", 1])
      assert.deepStrictEqual([record.startedAt, record.elapsedMs], [1_700_000_000_000, 1100])
      assert.deepStrictEqual(record.imported.unknown, ["tokens", "examples", "seed", "models"])
      const parameters = yield* fs.readFileString(`${dir}/run/parameters.json`)
      assert.deepStrictEqual(JSON.parse(parameters), { [Log.role]: "Count the animals." })
      assert.deepStrictEqual(JSON.parse((yield* run(["show", `${dir}/run`, "--json"])).out), record)
    })
  )

  test(
    "says what of a log it left out",
    Effect.gen(function* () {
      const strange: ReadonlyArray<Log.Entry> = [["Cache warmed"], ["Cache warmed"], ["Bell\u001b[31m"]]
      const { dir, log } = yield* written(`${Log.text([...Log.run, ...strange])}{"name": "text`)
      const { code, err } = yield* run(["import", log, "--run-dir", `${dir}/run`])
      assert.strictEqual(code, 0)
      assert.include(err, `3 records not understood: "Cache warmed" (2), "Bell`)
      assert.include(err, "line 16, the last, is cut off")
      assert.notInclude(err, "\u001b")
    })
  )

  test(
    "refuses what is no log of a run in one line, by file and line, and leaves no folder",
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const whole = Log.text(Log.run)
      for (const [text, said] of [
        [`${whole}{"half\n${whole}`, /then\.jsonl:13: it is no JSON object/],
        [`{"_tag":"RunStarted"}\n`, /then\.jsonl:1: it has no "message"/],
        ["", /then\.jsonl:1: the log is empty/],
        [
          Log.text([Log.call("Count.", "Three.")]),
          /then\.jsonl: there is no run in it: 1 record, but no update of a variable/
        ]
      ] as const) {
        const { dir, log } = yield* written(text)
        const ended = yield* run(["import", log, "--run-dir", `${dir}/run`])
        assert.strictEqual(ended.code, 2)
        assertOneLine(ended.err)
        assert.match(ended.err, said)
        assert.isFalse(yield* fs.exists(`${dir}/run`))
      }
      const none = yield* run(["import", `${yield* folder}/none.jsonl`])
      assert.deepStrictEqual([none.code, none.out], [2, ""])
      assert.match(none.err, /none\.jsonl: cannot be read: there is no such file/)
    })
  )

  test(
    "leaves a folder that holds anything as it is, and a run that cannot be gone on with",
    Effect.gen(function* () {
      const { dir, log } = yield* written(Log.text([...Log.run, ...Log.update("Count the animals.", "")]))
      yield* run(["import", log, "--run-dir", `${dir}/run`])
      const again = yield* run(["import", log, "--run-dir", `${dir}/run`])
      assert.strictEqual(again.code, 2)
      assertOneLine(again.err)
      assert.include((yield* run(["show", `${dir}/run`])).out, "The run failed")
      const resumed = yield* run(["resume", `${dir}/run`])
      assert.strictEqual(resumed.code, 2)
      assert.include(resumed.err, "it can only be looked at")
    })
  )
})
