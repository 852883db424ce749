import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { folder, platform, task } from "../../fixture/backprose.ts"
import { load } from "./load.ts"

const options = { limit: undefined, seed: 0 }

const refusal = (name: string, text: string) =>
  Effect.gen(function* () {
    const dir = yield* folder
    yield* (yield* FileSystem.FileSystem).writeFileString(`${dir}/${name}`, text)
    const error = yield* Effect.flip(load(`${dir}/${name}`, options))
    return String((error as Error).message).replaceAll(`${dir}/`, "")
  }).pipe(Effect.scoped, Effect.provide(platform))

describe("a task from a module", () => {
  it.live("is its default export, cut to a limit", () =>
    Effect.gen(function* () {
      const { task: whole } = yield* load(task, options)
      assert.deepStrictEqual([whole.name, whole.train.length, whole.test.length], ["colours", 6, 12])
      const { task: cut } = yield* load(task, { limit: 5, seed: 0 })
      assert.deepStrictEqual([cut.train.length, cut.validation.length, cut.test.length], [5, 5, 5])
    }).pipe(Effect.provide(platform))
  )

  it.live("is refused, with the file named, where there is none", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(load("nowhere/task.ts", options))
      assert.strictEqual((error as Error).message, "nowhere/task.ts: there is no such file or folder")
    }).pipe(Effect.provide(platform))
  )

  it.live("is refused where the default export is no task, or the module fails", () =>
    Effect.gen(function* () {
      assert.match(yield* refusal("a.mjs", "export const x = 1"), /^a\.mjs: it has no default export that is a Task/)
      assert.match(
        yield* refusal("b.mjs", "export default { name: 'b', parameters: {} }"),
        /^b\.mjs: .*"forward" is missing/
      )
      assert.match(yield* refusal("c.mjs", "throw new Error('boom')"), /^c\.mjs: cannot be loaded: Error: boom/)
    })
  )
})
