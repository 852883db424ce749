import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { platform } from "../../fixture/backprose.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import { invocation } from "./invocation.ts"
import * as wayBack from "./wayBack.ts"

const usage = { calls: 1, inputTokens: 2, cachedInputTokens: 0, outputTokens: 3 }
const record: RunRecord = {
  _tag: "RunRecord",
  version: 1,
  run: "r",
  task: "triage",
  from: "../..",
  status: "interrupted",
  startedAt: 1,
  elapsedMs: 2,
  settings: { optimizer: "tgd", selector: "latest", steps: 1, batchSize: 1, concurrency: 1, seed: 0 },
  models: { forward: "openai:m", backward: "openai:m", optimizer: "openai:m" },
  sizes: { train: 1, validation: 0, test: 0 },
  candidate: 0,
  initial: {},
  best: {},
  usage
}
const url = "http://127.0.0.1:1/v1"
const command = (fields: Partial<RunRecord>, env: Readonly<Record<string, string>> = {}) =>
  wayBack
    .command("runs/r", { ...record, ...fields })
    .pipe(Effect.provide(platform), Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))

describe("the way back to a run", () => {
  it.effect("is its folder, and what the folder may not decide alone", () =>
    Effect.gen(function* () {
      const server = { models: { ...record.models, baseUrl: url } }
      assert.strictEqual(yield* command({}), `${invocation()} resume runs/r`)
      assert.strictEqual(yield* command({ task: "t.yaml" }), `${invocation()} resume runs/r`)
      assert.strictEqual(yield* command({ task: "t.ts" }), `${invocation()} resume runs/r --task t.ts`)
      assert.strictEqual(yield* command({ task: "/x/t.yaml" }), `${invocation()} resume runs/r --task /x/t.yaml`)
      assert.strictEqual(yield* command(server), `${invocation()} resume runs/r --base-url ${url}`)
      assert.strictEqual(yield* command(server, { OPENAI_BASE_URL: `${url}/?key=x` }), `${invocation()} resume runs/r`)
    })
  )

  it.effect("names examples that are not in the current folder, and no others", () =>
    Effect.gen(function* () {
      const of = (data: string) => command({ settings: { ...record.settings, data } })
      assert.strictEqual(yield* of("rows.jsonl"), `${invocation()} resume runs/r`)
      for (const data of ["/x/rows.jsonl", "github:o/r@c/rows.jsonl", "https://example.org/rows.jsonl"]) {
        assert.strictEqual(yield* of(data), `${invocation()} resume runs/r --data ${data}`)
      }
    })
  )

  it.effect("asks for more where the budget was used up", () =>
    Effect.gen(function* () {
      const settings = { ...record.settings, maxCalls: 30 }
      assert.strictEqual(yield* command({ status: "budget", settings }), `${invocation()} resume runs/r --max-calls 60`)
    })
  )

  it.effect("is none where the run is finished, under way, or kept no journal", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* command({ status: "finished" }))
      assert.isUndefined(yield* command({ status: "running" }))
      const { from, ...old } = record
      assert.isDefined(from)
      assert.isUndefined(yield* Effect.provide(wayBack.command("runs/r", old), platform))
    })
  )

  it("is typed as it stands there", () => {
    assert.strictEqual(wayBack.quoted("runs/a-1"), "runs/a-1")
    assert.strictEqual(wayBack.quoted("my runs/it's"), `'my runs/it'\\''s'`)
    assert.strictEqual(wayBack.quoted("$(touch x)"), "'$(touch x)'")
  })
})
