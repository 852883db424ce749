import { Fault, type FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import * as student from "../../fixture/student.ts"
import { invocation } from "../report/invocation.ts"
import * as EventFile from "../run/EventFile.ts"
import { Json } from "../run/RunRecord.ts"

const decodeRecord = Schema.decodeUnknownSync(Json)

/** A student that can be made to answer something else. */
const provider = Effect.gen(function* () {
  const state = { instead: undefined as FaultReply.Reply | undefined, after: 0, asked: 0 }
  const { url } = yield* server({
    instead: (request) => {
      state.asked += 1
      return state.instead !== undefined && state.asked > state.after ? state.instead : student.reply(request)
    }
  })
  return { state, url }
})

/** What a run came to, without times and without what differs between two runs. */
const found = Effect.fnUntraced(function* (dir: string) {
  const fs = yield* FileSystem.FileSystem
  const { before, after, gain, luck, best, candidate, status, usage, stopped } = decodeRecord(
    yield* fs.readFileString(`${dir}/run.json`)
  )
  const { lines } = EventFile.read(yield* fs.readFile(`${dir}/events.jsonl`))
  const events = lines.map(({ event }) => EventFile.lasting({ ...event, run: "" }))
  const parameters = yield* fs.readFileString(`${dir}/parameters.json`)
  return { before, after, gain, luck, best, candidate, status, usage, stopped, events, parameters }
})

/** Every byte of a folder. */
const bytes = Effect.fnUntraced(function* (dir: string) {
  const fs = yield* FileSystem.FileSystem
  const names = (yield* fs.readDirectory(dir)).filter((name) => !name.startsWith("journal"))
  return yield* Effect.forEach(names.toSorted(), (name) => fs.readFileString(`${dir}/${name}`))
})

const optimize = (url: string, dir: string, ...more: ReadonlyArray<string>) =>
  run(["optimize", task, "--base-url", url, "--run-dir", dir, "--concurrency", "1", ...more])
const resume = (url: string, dir: string, ...more: ReadonlyArray<string>) =>
  run(["resume", dir, "--base-url", url, "--task", task, ...more])

const test = (name: string, body: Effect.Effect<void, unknown, any>) =>
  it.live(name, () => body.pipe(Effect.scoped, Effect.provide(platform)) as Effect.Effect<void, unknown>)

describe("backprose resume", () => {
  test(
    "goes on where the provider went away, and ends as the run that was never disturbed",
    Effect.gen(function* () {
      const dir = yield* folder
      const { state, url } = yield* provider
      assert.strictEqual((yield* optimize(url, `${dir}/whole`)).code, 0)
      const whole = yield* found(`${dir}/whole`)
      const calls = state.asked
      for (const after of [3, 15, 20, 27, 32]) {
        const at = `${dir}/${after}`
        Object.assign(state, { asked: 0, after, instead: Fault.unauthorized })
        const failed = yield* optimize(url, at)
        assert.strictEqual(failed.code, 3, failed.err)
        assert.include(failed.err, `${invocation()} resume ${at} --task`)
        Object.assign(state, { instead: undefined, asked: 0 })
        const ended = yield* resume(url, at)
        assert.strictEqual(ended.code, 0, ended.err)
        assert.include(ended.err, `resuming: ${after} replies from the journal`)
        assert.deepStrictEqual(yield* found(at), whole)
        assert.strictEqual(state.asked, calls - after)
      }
    })
  )

  test(
    "goes on where the budget was used up, with a larger one",
    Effect.gen(function* () {
      const dir = yield* folder
      const { state, url } = yield* provider
      yield* optimize(url, `${dir}/whole`)
      const whole = yield* found(`${dir}/whole`)
      const calls = state.asked
      for (const budget of [5, 12, 22, 29, 33]) {
        const at = `${dir}/${budget}`
        state.asked = 0
        const cut = yield* optimize(url, at, "--max-calls", `${budget}`)
        assert.strictEqual(cut.code, 4, cut.err)
        assert.include(cut.out, `--max-calls ${2 * budget}`)
        const same = yield* resume(url, at)
        assert.strictEqual(same.code, 4, same.err)
        const ended = yield* resume(url, at, "--max-calls", "1000")
        assert.strictEqual(ended.code, 0, ended.err)
        assert.deepStrictEqual(yield* found(at), whole)
        assert.strictEqual(state.asked, calls)
      }
    })
  )

  test(
    "of a finished run says so and changes nothing",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { state, url } = yield* provider
      yield* optimize(url, dir, "--steps", "1")
      const before = yield* bytes(dir)
      state.asked = 0
      const ended = yield* resume(url, dir)
      assert.deepStrictEqual([ended.code, ended.out], [0, ""])
      assert.match(ended.err, /is finished, nothing is left to do: .*backprose.* show .*run\n$/)
      assert.strictEqual(state.asked, 0)
      assert.deepStrictEqual(yield* bytes(dir), before)
    })
  )

  test(
    "refuses what the folder may not decide, and what is no longer the same, in one line; the folder stays",
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const at = `${dir}/run`
      const { state, url } = yield* provider
      const other = yield* provider
      Object.assign(state, { after: 20, instead: Fault.unauthorized })
      yield* optimize(url, at)
      Object.assign(state, { asked: 0, instead: undefined })
      const changes = {
        "more.ts": "({ ...task, train: [...task.train, task.train[0]] })",
        "examples.ts": '({ ...task, test: task.test.map((e) => ({ ...e, colour: "blue" })) })',
        "name.ts": '({ ...task, name: "another" })',
        "metric.ts": "({ ...task, metric: () => Effect.succeed({ score: 0.5, feedback: '' }) })"
      }
      for (const [name, value] of Object.entries(changes)) {
        yield* fs.writeFileString(
          `${dir}/${name}`,
          `import { Effect } from "effect"\nimport task from "${task}"\nexport default ${value}\n`
        )
      }
      const before = yield* bytes(at)
      const named = ["--base-url", url, "--task"]
      const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, said: RegExp]> = [
        [["--base-url", url], /is a module, whose code is run only if you name it again: --task .*task\.ts/],
        [["--task", task], /the run asked http:.*: if that is your server, name it again/],
        [["--task", task, "--base-url", other.url], /the run asked http:.*, and --base-url names http:/],
        [[...named, `${dir}/more.ts`], /its training examples changed since/],
        [[...named, `${dir}/examples.ts`], /its test examples changed since/],
        [[...named, `${dir}/name.ts`], /the task changed since/],
        [[...named, `${dir}/metric.ts`], /another ExampleEvaluated of step 0 \(events\.jsonl:\d+\).*has changed since/]
      ]
      for (const [args, said] of cases) {
        const ended = yield* run(["resume", at, ...args, "--json"], { OPENAI_API_KEY: "sk-1" })
        assert.strictEqual(ended.code, 2, ended.err)
        assertOneLine(ended.err)
        assert.match(ended.err, said)
        assert.deepStrictEqual(yield* bytes(at), before)
      }
      assert.deepStrictEqual([state.asked, other.state.asked], [0, 0])
      assert.strictEqual((yield* resume(url, at)).code, 0)
    })
  )
})
