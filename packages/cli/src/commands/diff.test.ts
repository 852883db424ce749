import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"

const test = (name: string, body: Effect.Effect<void, unknown, any>) =>
  it.live(name, () => body.pipe(Effect.scoped, Effect.provide(platform)) as Effect.Effect<void, unknown>)

const optimize = (url: string, dir: string, ...more: ReadonlyArray<string>) =>
  run(["optimize", task, "--base-url", url, "--run-dir", dir, ...more])

describe("backprose diff", () => {
  test(
    "shows what a run changed, in which steps, and why",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      assert.strictEqual((yield* optimize(url, dir, "--steps", "4", "--batch", "1")).code, 0)
      const { code, out } = yield* run(["diff", dir])
      assert.strictEqual(code, 0)
      for (const part of [
        "instructions\n",
        "  - Name the colour.",
        "  + FACT snow is white",
        "step 1",
        "validation 0.33"
      ]) {
        assert.include(out, part)
      }
      // oldest first
      assert.isBelow(out.indexOf("step 1"), out.lastIndexOf("step "))
    })
  )

  test(
    "as JSON it is one line: the values before and after, and the way from the one to the other",
    Effect.gen(function* () {
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      yield* optimize(url, dir, "--steps", "4", "--batch", "1")
      const { code, err, out } = yield* run(["diff", dir, "--json"])
      assert.deepStrictEqual([code, err, out.trimEnd().includes("\n")], [0, "", false])
      const { candidate, parameters } = JSON.parse(out)
      assert.strictEqual(parameters.length, 1)
      const [{ after, before, lineage, parameter }] = parameters
      assert.strictEqual(parameter, "instructions")
      assert.strictEqual(lineage.at(-1).candidate, candidate)
      assert.strictEqual(lineage[0].before, before)
      assert.strictEqual(lineage.at(-1).after, after)
      for (const [i, change] of lineage.entries()) {
        if (i > 0) assert.strictEqual(change.parent, lineage[i - 1].candidate)
        assert.isNumber(change.validation)
        assert.isAbove(change.reason.length, 0)
      }
    })
  )

  test(
    "says so where nothing was changed, and where there is no run",
    Effect.gen(function* () {
      const dir = yield* folder
      const { url } = yield* server()
      yield* optimize(url, `${dir}/run`, "--steps", "0")
      const same = yield* run(["diff", `${dir}/run`])
      assert.deepStrictEqual([same.code, same.out], [0, ""])
      assert.include(same.err, "nothing was changed")
      const none = yield* run(["diff", `${dir}/other`])
      assert.strictEqual(none.code, 2)
      assertOneLine(none.err)
    })
  )
})
