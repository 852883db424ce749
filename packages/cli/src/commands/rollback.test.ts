import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform, run, server, task } from "../../fixture/backprose.ts"
import { assertOneLine } from "../../fixture/oneLine.ts"

describe("backprose rollback", () => {
  it.live("takes one step out of the best parameters and keeps the later ones; they can be evaluated", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const cwd = yield* folder
      const dir = `${cwd}/run`
      const { url } = yield* server()
      yield* run(["optimize", task, "--base-url", url, "--run-dir", dir, "--steps", "4", "--batch", "1"])
      const [{ after, before, lineage }] = JSON.parse((yield* run(["diff", dir, "--json"])).out).parameters
      const [first, ...later] = lineage
      assert.isAbove(later.length, 0)
      for (const change of lineage) {
        assert.strictEqual(change.examples.length, 1)
        assert.isAbove(change.feedback.length, 0)
        assert.isAbove(change.patch.length, 0)
      }

      const undone = yield* run(["rollback", dir, "--step", `${first.step}`, "--to", `${cwd}/p.json`])
      assert.strictEqual(undone.code, 0, undone.err)
      const { instructions } = JSON.parse(yield* fs.readFileString(`${cwd}/p.json`))
      const fact = (first.after as string).replace(before, "").trim()
      assert.include(after, fact)
      assert.notInclude(instructions, fact)
      for (const change of later) assert.include(instructions, change.after.replace(change.before, "").trim())
      const evaluated = yield* run(["evaluate", task, "--base-url", url, "--parameters", `${cwd}/p.json`])
      assert.strictEqual(evaluated.code, 0, evaluated.err)

      // the last one alone gives what there was before it
      const last = lineage.at(-1)
      const { out } = yield* run(["rollback", dir, "--step", `${last.step}`])
      assert.deepStrictEqual(JSON.parse(out), { instructions: last.before })
      // what was never a step of it
      const none = yield* run(["rollback", dir, "--step", "77"])
      assert.strictEqual(none.code, 2)
      assertOneLine(none.err)
      assert.include(none.err, "step 77 changed nothing")
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.live("says so where a later step rewrote what it would take out", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = `${yield* folder}/run`
      const { url } = yield* server()
      yield* run(["optimize", task, "--base-url", url, "--run-dir", dir, "--steps", "4", "--batch", "1"])
      const record = JSON.parse(yield* fs.readFileString(`${dir}/run.json`))
      const rewritten = { ...record, best: { instructions: "Something else altogether." } }
      yield* fs.writeFileString(`${dir}/run.json`, JSON.stringify(rewritten))
      const { code, err } = yield* run(["rollback", dir, "--step", "1"])
      assert.strictEqual(code, 2)
      assertOneLine(err)
      assert.include(err, 'cannot be taken out of "instructions"')
    }).pipe(Effect.scoped, Effect.provide(platform))
  )
})
