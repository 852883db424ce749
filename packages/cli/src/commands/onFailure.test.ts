import { Fault, type FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import * as student from "../../fixture/student.ts"

/** A student that fails the first `times` requests about snow. */
const failing = (fault: FaultReply.Reply, times: number) => {
  let left = times
  return server({
    instead: (request) =>
      JSON.stringify(request.body).includes("colour of snow") && left-- > 0 ? fault : student.reply(request)
  })
}

const evaluate = (url: string, ...more: ReadonlyArray<string>) =>
  Effect.map(
    run(["evaluate", task, "--base-url", url, "--limit", "3", "--concurrency", "1", "--json", ...more]),
    (ended) => ({
      ...ended,
      tags: ended.out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)._tag as string)
    })
  )

describe("--on-failure", () => {
  it.live("leaves a failed example out, or ends with it, as asked", () =>
    Effect.gen(function* () {
      const { url } = yield* failing(Fault.contentFiltered, Number.POSITIVE_INFINITY)
      for (const flags of [[], ["--on-failure", "skip"]]) {
        const skipped = yield* evaluate(url, ...flags)
        assert.deepStrictEqual(skipped.tags, ["Scored", "Failed", "Scored", "EvaluationRecord"])
        assert.strictEqual(skipped.code, 0)
      }
      const failed = yield* evaluate(url, "--on-failure", "fail")
      assert.deepStrictEqual(failed.tags, ["Scored", "Failed"])
      assert.notStrictEqual(failed.code, 0)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("tries again after the rest what may pass", () =>
    Effect.gen(function* () {
      // as often as the call is tried by itself
      const { url } = yield* failing(Fault.serverError(500), 3)
      const { code, out, tags } = yield* evaluate(url, "--on-failure", "later")
      assert.deepStrictEqual(tags, ["Scored", "Scored", "Scored", "EvaluationRecord"], out)
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("holds for optimize too, and refuses what it does not know", () =>
    Effect.gen(function* () {
      const { url } = yield* failing(Fault.contentFiltered, Number.POSITIVE_INFINITY)
      const dir = yield* folder
      const optimize = (how: string) =>
        run(["optimize", task, "--base-url", url, "--steps", "1", "--run-dir", `${dir}/${how}`, "--on-failure", how])
      assert.strictEqual((yield* optimize("skip")).code, 0)
      assert.notStrictEqual((yield* optimize("fail")).code, 0)
      assert.strictEqual((yield* optimize("perhaps")).code, 2)
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
