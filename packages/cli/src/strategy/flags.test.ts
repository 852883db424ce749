import { FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import * as student from "../../fixture/student.ts"
import * as EventFile from "../run/EventFile.ts"
import { Json } from "../run/RunRecord.ts"
import * as optimizers from "./optimizers.ts"
import * as selectors from "./selectors.ts"

const decodeRecord = Schema.decodeUnknownSync(Json)
const recordOf = (dir: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    return decodeRecord(yield* fs.readFileString(`${dir}/run.json`))
  })

const test = (name: string, body: Effect.Effect<void, unknown, any>) =>
  it.live(name, () => body.pipe(Effect.scoped, Effect.provide(platform)) as Effect.Effect<void, unknown>)

const optimize = (url: string, dir: string, ...more: ReadonlyArray<string>) =>
  run(["optimize", task, "--base-url", url, "--run-dir", dir, ...more])

const wide = ["--optimizer", "gepa", "--auto", "light", "--proposals", "2", "--objective", "score=1,length=0.01"]

describe("how a run searches", () => {
  test(
    "is said before it begins, and recorded as it took effect",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      const ended = yield* optimize(url, dir, ...wide)
      assert.strictEqual(ended.code, 0, ended.err)
      assert.include(ended.err, "6 steps of 4 examples, gepa, pareto, seed 0")
      assert.include(
        ended.err,
        "2 proposals a step, minibatch gate strict-gain, objective score=1,length=0.01, by --auto light"
      )
      const { settings } = yield* recordOf(dir)
      const { concurrency: _, ...decided } = settings
      assert.deepStrictEqual(decided, {
        optimizer: "gepa",
        selector: "pareto",
        steps: 6,
        batchSize: 4,
        proposals: 2,
        minibatchGate: "strict-gain",
        objectives: { score: 1, length: 0.01 },
        auto: "light",
        seed: 0
      })
    })
  )

  test(
    "tries each validation example so often, at a temperature, and takes gains only, where that is asked for",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { requests, url } = yield* server()
      const given = ["--accept", "strict-gain", "--samples", "2", "--temperature", "0.5", "--steps", "1"]
      const ended = yield* optimize(url, dir, ...given)
      assert.strictEqual(ended.code, 0, ended.err)
      assert.include(ended.err, "accepts strict-gain, 2 tries an example of validation and test, temperature 0.5")
      const { settings, sizes } = yield* recordOf(dir)
      assert.deepInclude(settings, { accept: "strict-gain", samples: 2, temperature: 0.5 })
      const tried = (yield* requests).filter(
        ({ body }) => (body as { temperature?: number } | undefined)?.temperature === 0.5
      )
      // the seed and one proposal, in validation and in the test
      assert.strictEqual(tried.length, 2 * 2 * (sizes.validation + sizes.test))
    })
  )

  test(
    "is the same when the run is resumed",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      const given = [...wide, "--minibatch-gate", "off", "--selector", "beam", "--parents", "2", "--concurrency", "1"]
      const cut = yield* optimize(url, dir, ...given, "--max-calls", "40")
      assert.strictEqual(cut.code, 4, cut.err)
      const { settings: before } = yield* recordOf(dir)
      assert.strictEqual(before.parents, 2)
      assert.isUndefined(before.minibatchGate)
      const ended = yield* run(["resume", dir, "--base-url", url, "--task", task, "--max-calls", "2000"])
      assert.strictEqual(ended.code, 0, ended.err)
      const { settings: after, status } = yield* recordOf(dir)
      assert.strictEqual(status, "finished")
      assert.deepStrictEqual(after, { ...before, maxCalls: 2000 })
    })
  )

  test(
    "is by protegi as its paper has it: a beam, and of many edits the best on other examples are validated",
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = `${yield* folder}/run`
      const { url } = yield* server({
        // no two edits are the same
        instead: (request, index) =>
          request.body.response_format?.json_schema?.name === "edit"
            ? FaultReply.json({ value: `Name the colour, as in version ${index}.`, changed: "" })
            : student.reply(request)
      })
      const given = ["--optimizer", "protegi", "--steps", "2", "--batch", "2"]
      const ended = yield* optimize(url, dir, ...given)
      assert.strictEqual(ended.code, 0, ended.err)
      assert.include(ended.err, "2 steps of 2 examples, protegi, beam, seed 0")
      assert.include(ended.err, "4 proposals a step for each of 2 parents, the best 2 validated")
      const { settings } = yield* recordOf(dir)
      assert.deepInclude(settings, { parents: 2, proposals: 4, screen: 2 })
      const { lines } = EventFile.read(yield* fs.readFile(`${dir}/events.jsonl`))
      const events = lines.map(({ event }) => event)
      const of = (tag: string, step: number) => events.filter((event) => event._tag === tag && event.step === step)
      assert.strictEqual(of("Proposed", 1).length, 4)
      assert.strictEqual(of("Evaluated", 1).length, 2)
      assert.isTrue(events.some((event) => event._tag === "Rejected" && event.reason.startsWith("screened out")))
      // what is named is so, and nothing is said of a screen that would turn nobody away
      const narrow = yield* optimize(url, `${dir}2`, ...given, "--parents", "1", "--proposals", "2")
      assert.strictEqual(narrow.code, 0, narrow.err)
      assert.notInclude(narrow.err, "validated")
      const { parents, proposals, screen } = (yield* recordOf(`${dir}2`)).settings
      assert.deepStrictEqual([parents, proposals, screen], [undefined, 2, undefined])
      const whole = yield* optimize(url, `${dir}3`, ...given, "--screen", "0")
      assert.isUndefined((yield* recordOf(`${dir}3`)).settings.screen, whole.err)
    })
  )

  test(
    "may be by one parameter, on errors only, without copies, in a race: said, recorded, and the same when resumed",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      const given = ["--parameters", "round-robin", "--errors-only", "--copies", "drop", "--race", "3"]
      const wide = ["--proposals", "3", "--screen", "2", "--concurrency", "1"]
      const cut = yield* optimize(url, dir, ...given, ...wide, "--max-calls", "30")
      assert.strictEqual(cut.code, 4, cut.err)
      assert.include(
        cut.err,
        "3 proposals a step, parameters round-robin, errors only, copies dropped, the best 2 validated, validation in 3 rounds"
      )
      const { settings: before } = yield* recordOf(dir)
      const asked = { parameters: "round-robin", errorsOnly: true, copies: "drop", race: 3, screen: 2 } as const
      assert.deepInclude(before, asked)
      const ended = yield* run(["resume", dir, "--base-url", url, "--task", task, "--max-calls", "2000"])
      assert.strictEqual(ended.code, 0, ended.err)
      assert.deepStrictEqual((yield* recordOf(dir)).settings, { ...before, maxCalls: 2000 })
      // the folder is not believed where the journal knows better
      const fs = yield* FileSystem.FileSystem
      const other = `${dir}2`
      yield* optimize(url, other, ...given, ...wide, "--max-calls", "30")
      for (const field of Object.keys(asked)) {
        const kept = yield* fs.readFileString(`${other}/run.json`)
        const record = JSON.parse(kept) as { settings: Record<string, unknown> }
        delete record.settings[field]
        yield* fs.writeFileString(`${other}/run.json`, JSON.stringify(record))
        const refused = yield* run(["resume", other, "--base-url", url, "--task", task, "--max-calls", "2000"])
        assert.strictEqual(refused.code, 2, `${field}: ${refused.err}`)
        yield* fs.writeFileString(`${other}/run.json`, kept)
      }
    })
  )

  for (const given of [
    ["--auto", "light", "--max-calls", "180", "--samples", "3"],
    ["--auto", "medium", "--max-calls", "200", "--samples", "3", "--optimizer", "gepa"],
    ["--auto", "medium", "--max-calls", "150", "--optimizer", "contrast"],
    ["--auto", "heavy", "--max-calls", "400", "--optimizer", "protegi", "--batch", "2"]
  ]) {
    test(
      `by ${given.join(" ")} takes steps that are paid for, and the test after them`,
      Effect.gen(function* () {
        const dir = `${yield* folder}/run`
        const { url } = yield* server()
        const ended = yield* optimize(url, dir, ...given)
        assert.strictEqual(ended.code, 0, ended.err)
        const { after, settings, status } = yield* recordOf(dir)
        assert.strictEqual(status, "finished")
        assert.isDefined(after)
        // not by doing nothing
        const [, high] = /estimate +\d+–(\d+) calls/.exec(ended.err) ?? []
        assert.isAtMost(Number(high), settings.maxCalls!)
        assert.isAbove((Number(high) * (settings.steps + 1)) / settings.steps, settings.maxCalls!)
      })
    )
  }

  test(
    "by --auto takes the steps that are named, and one at least: then it says that the budget may not do",
    Effect.gen(function* () {
      const dir = yield* folder
      const { url } = yield* server()
      const named = yield* optimize(url, `${dir}/a`, "--auto", "light", "--steps", "9", "--max-calls", "60")
      assert.strictEqual((yield* recordOf(`${dir}/a`)).settings.steps, 9, named.err)
      const least = yield* optimize(url, `${dir}/b`, "--auto", "heavy", "--max-calls", "40")
      assert.strictEqual((yield* recordOf(`${dir}/b`)).settings.steps, 1)
      assert.match(
        least.err,
        /may be used up before the run and its last test are done: without retries, \d+ calls are enough/
      )
      assert.notInclude((yield* optimize(url, `${dir}/c`, "--steps", "1")).err, "used up before")
    })
  )

  for (const optimizer of optimizers.names.filter((name) => name !== "bootstrap")) {
    test(
      `may be by ${optimizer}`,
      Effect.gen(function* () {
        const dir = `${yield* folder}/run`
        const { url } = yield* server()
        const ended = yield* optimize(url, dir, "--optimizer", optimizer, "--steps", "2")
        assert.strictEqual(ended.code, 0, ended.err)
        const { settings, usage } = yield* recordOf(dir)
        const [, low, high] = /estimate +(\d+)–(\d+) calls/.exec(ended.err) ?? []
        assert.isTrue(Number(low) <= usage.calls && usage.calls <= Number(high), `${low} <= ${usage.calls} <= ${high}`)
        assert.deepStrictEqual(
          [settings.optimizer, settings.selector],
          [optimizer, optimizers.entries[optimizer].selector]
        )
      })
    )
  }

  for (const selector of selectors.names) {
    test(
      `may keep by ${selector}`,
      Effect.gen(function* () {
        const dir = `${yield* folder}/run`
        const { url } = yield* server()
        const objective = selectors.evaluates(selector) ? ["--objective", "score=1,tokens=0.1"] : []
        const ended = yield* optimize(url, dir, "--selector", selector, "--steps", "1", ...objective)
        assert.strictEqual(ended.code, 0, ended.err)
        assert.include(ended.out, "The test score rose")
      })
    )
  }

  test(
    "is refused in one line where it makes no sense",
    Effect.gen(function* () {
      const dir = yield* folder
      const { url, requests } = yield* server()
      for (const [given, said] of [
        [["--objective", "speed=1"], /"speed=1" is no objective: write NAME=WEIGHT/],
        [["--optimizer", "bootstrap"], /no parameter of demonstrations/],
        [["--optimizer", "sgd"], /--optimizer/],
        [["--auto", "enormous"], /--auto/],
        [["--minibatch-gate", "sometimes"], /--minibatch-gate/],
        [
          ["--selector", "latest", "--objective", "length=1"],
          /--objective length=1: --selector latest .* for validation-gate/
        ],
        [["--selector", "latest", "--samples", "4"], /--samples 4: --selector latest .* for validation-gate/],
        [["--selector", "latest", "--temperature", "0"], /--temperature 0: --selector latest/],
        [
          ["--selector", "pareto", "--accept", "strict-gain"],
          /--accept strict-gain: --selector pareto .* for validation-gate/
        ],
        [["--selector", "latest", "--race", "2"], /--race 2: --selector latest .* for validation-gate/],
        [["--optimizer", "opro", "--errors-only"], /--errors-only: --optimizer opro makes no use of it/],
        [["--optimizer", "gepa", "--parameters", "most-blamed"], /--parameters most-blamed: --optimizer gepa/],
        [["--screen", "2", "--proposals", "2"], /--screen 2: a step has no more than 2 new prompts/],
        [["--parents", "4"], /--parents 4: --selector validation-gate .* for pareto, beam, top-k/]
      ] as const) {
        const ended = yield* optimize(url, `${dir}/run`, ...given)
        assert.strictEqual(ended.code, 2, ended.err)
        assertOneLine(ended.err)
        assert.match(ended.err, said)
      }
      assert.strictEqual((yield* requests).length, 0)
    })
  )
})
