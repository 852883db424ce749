import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { folder, platform, run, server } from "../../fixture/backprose.ts"

describe("the lines before the first call", () => {
  it.live("have all settings that decide the run, and `show` has them again", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { url } = yield* server()
      const environment = { BACKPROSE_CACHE: `${cwd}/cache` }
      const dir = `${cwd}/run`
      const given = [
        ...[
          "optimize",
          "object-counting",
          "--base-url",
          url,
          "--model",
          "openai:student",
          "--backward-model",
          "openai:critic"
        ],
        ...["--fallback-model", "openai:other", "--limit", "2", "--steps", "0", "--seed", "5", "--scoring", "textgrad"],
        ...[
          "--optimizer",
          "reflection",
          "--selector",
          "pareto",
          "--proposals",
          "2",
          "--objective",
          "score=0.8,tokens=0.2"
        ],
        ...["--cache", "--on-failure", "later", "--max-calls", "90", "--run-dir", dir]
      ]
      const { err } = yield* run(given, environment)
      const shown = yield* run(["show", dir], environment)
      for (const said of [err, shown.out]) {
        for (const part of [
          "openai:student, backward openai:critic",
          "fallback openai:other",
          `at ${url}`,
          "2 held out for the test, scored as TextGrad does",
          "0 steps of 2 examples, reflection, pareto, seed 5, at most 90 model calls",
          "2 proposals a step",
          "objective score=0.8,tokens=0.2",
          "replies shared with other runs by the cache",
          "an example that fails: later"
        ]) {
          assert.include(said, part)
        }
      }
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
