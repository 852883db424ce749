import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"
import * as Figures from "../report/figures.ts"
import { Json } from "../run/RunRecord.ts"

const decodeRecord = Schema.decodeUnknownSync(Json)

const world = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const dir = yield* folder
  const { url, requests } = yield* server()
  const asked = Effect.map(requests, (all) => all.filter(({ api }) => api !== "models").length)
  const record = (name: string) =>
    Effect.map(fs.readFileString(`${dir}/${name}/run.json`), (text) => decodeRecord(text))
  const optimize = (name: string, ...more: ReadonlyArray<string>) =>
    run(["optimize", task, "--base-url", url, "--steps", "2", "--run-dir", `${dir}/${name}`, ...more])
  return { asked, dir, fs, optimize, record, url }
})

describe("a budget on the command line", () => {
  it.live("in dollars is kept, ends with 4 and the best so far, and is not spent anew by a run that is resumed", () =>
    Effect.gen(function* () {
      const { asked, dir, fs, optimize, record, url } = yield* world
      const whole = yield* optimize("whole", "--price", "10,20")
      assert.strictEqual(whole.code, 0, whole.err)
      const { spend } = yield* record("whole")
      const { usage } = yield* record("whole")
      const usd = (10 * usage.inputTokens + 20 * usage.outputTokens) / 1e6
      assert.strictEqual(spend?.usd.toFixed(9), usd.toFixed(9))
      assert.deepStrictEqual({ ...spend, usd: 0 }, { requests: yield* asked, lost: 0, usd: 0, unpriced: 0 })
      assert.include(whole.out, ` · ${Figures.dollars(usd)} · `)
      assert.match(whole.err, /estimate {6}\d+–\d+ calls · .* tokens · \$\d.*–\$\d/)

      const before = yield* asked
      const half = yield* optimize("half", "--price", "10,20", "--max-cost", `${usd / 2}`)
      assert.strictEqual(half.code, 4, half.err)
      assert.match(half.err, /the budget of \$0\.\d+ is used up; the best so far is in .*parameters\.json/)
      const known = yield* record("half")
      assert.strictEqual(known.status, "budget")
      assert.isAtMost(known.spend!.usd, usd / 2)
      assert.isAtLeast((yield* asked) - before, 1)
      assert.isTrue(yield* fs.exists(`${dir}/half/parameters.json`))
      assert.deepStrictEqual([known.settings.prices, known.settings.maxCost], [[{ input: 10, output: 20 }], usd / 2])
      assert.match(half.out, /resume .*--max-cost \d/)

      const again = yield* run([
        "resume",
        `${dir}/half`,
        "--task",
        task,
        "--base-url",
        url,
        "--max-cost",
        `${30 * usd}`
      ])
      assert.strictEqual(again.code, 0, again.err)
      const end = yield* record("half")
      assert.isAtLeast(end.spend!.usd, known.spend!.usd)
      assert.strictEqual(end.spend!.requests, (yield* asked) - before)
      assert.deepStrictEqual(end.best, (yield* record("whole")).best)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("in dollars is refused before any call where the price is not known, and says how to give it", () =>
    Effect.gen(function* () {
      const { asked, dir, fs, optimize, url } = yield* world
      const commands = [
        optimize("none", "--max-cost", "1"),
        run(["evaluate", task, "--base-url", url, "--max-cost", "1"]),
        run(["solve", "--role", "r", "--objective", "o", "--base-url", url, "--max-cost", "1"])
      ]
      for (const command of commands) {
        const ended = yield* command
        assert.strictEqual(ended.code, 2, ended.err)
        assert.include(ended.err, "--price IN,OUT")
        assert.strictEqual(yield* asked, 0)
      }
      assert.isFalse(yield* fs.exists(`${dir}/none`))
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("of tokens and of time ends evaluate and solve too", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* world
      const evaluated = yield* run(["evaluate", task, "--base-url", url, "--concurrency", "1", "--max-tokens", "200"])
      assert.strictEqual(evaluated.code, 4, evaluated.err)
      assert.match(evaluated.err, /the budget of 200 tokens is used up: \d+ tokens spent, and the next call may need/)
      assert.isAtLeast(yield* asked, 1)
      const timed = yield* run(["evaluate", task, "--base-url", url, "--max-time", "10m", "--json"])
      assert.strictEqual(timed.code, 0, timed.err)
      const { spend, usage } = JSON.parse(timed.out.trimEnd().split("\n").at(-1)!)
      // the price of a server of one's own is not known, which is not nothing
      assert.deepStrictEqual(spend, { requests: usage.calls, lost: 0, usd: 0, unpriced: usage.calls })
      const shown = yield* run(["evaluate", task, "--base-url", url])
      assert.include(shown.out, " · cost unknown · ")
      const solved = yield* run([
        ...["solve", "--role", "r", "--objective", "o", "--base-url", url],
        ...["--max-tokens", "10"]
      ])
      assert.strictEqual(solved.code, 4, solved.err)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("that makes no sense is a line of its own", () =>
    Effect.gen(function* () {
      const { url } = yield* world
      for (const [flag, value, says] of [
        ["--max-cost", "-1", "no amount of US dollars"],
        ["--max-time", "10", "write 90s, 10m or 1h30m"],
        ["--max-time", "0s", "write 90s, 10m or 1h30m"],
        ["--max-tokens", "0", "a whole number from 1"],
        ["--price", "cheap", "is no price"]
      ] as const) {
        const ended = yield* run(["evaluate", task, "--base-url", url, `${flag}=${value}`])
        assert.strictEqual(ended.code, 2, ended.err)
        assert.include(ended.err, says)
        assertOneLine(ended.err)
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
