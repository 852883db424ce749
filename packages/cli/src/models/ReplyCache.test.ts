import type { TextModelService } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem } from "effect"
import { folder, platform } from "../../fixture/backprose.ts"
import * as ReplyCache from "./ReplyCache.ts"

const environment = (env: Readonly<Record<string, string>>) =>
  Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

describe("the folder of the reply cache", () => {
  it.effect("is the user's cache folder, or one of Backprose's own", () =>
    Effect.gen(function* () {
      const at = (env: Readonly<Record<string, string>>) => ReplyCache.path.pipe(environment(env))
      assert.strictEqual(yield* at({ XDG_CACHE_HOME: "/x" }), "/x/backprose/replies")
      assert.strictEqual(yield* at({ XDG_CACHE_HOME: "/x", BACKPROSE_CACHE: "/own" }), "/own/replies")
      assert.match(yield* at({}), /[/\\]\.cache[/\\]backprose[/\\]replies$/)
    })
  )
})

describe("a model file of one's own", () => {
  const model: TextModelService = {
    identity: { provider: "local", model: "tuned", settings: "0" },
    complete: () => Effect.never
  }
  const name = { provider: "local", model: "tuned" } as const

  it.live("is another model in another place, or when it has changed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* folder
      const [one, two] = [`${dir}/one/tuned.gguf`, `${dir}/two/tuned.gguf`]
      for (const path of [one, two]) {
        yield* fs.makeDirectory(path.slice(0, -"/tuned.gguf".length))
        yield* fs.writeFileString(path, "weights")
        yield* fs.utimes(path, 1000, 1000)
      }
      const settings = (path: string) =>
        ReplyCache.told(name, model).pipe(
          environment({ BACKPROSE_MODEL_PATH: path }),
          Effect.map(({ identity }) => identity?.settings)
        )
      const first = yield* settings(one)
      assert.strictEqual(yield* settings(one), first)
      assert.notStrictEqual(yield* settings(two), first)
      yield* fs.utimes(one, 1000, 2000)
      assert.notStrictEqual(yield* settings(one), first)
      assert.isUndefined(yield* settings(`${dir}/none.gguf`))
    }).pipe(Effect.scoped, Effect.provide(platform))
  )

  it.effect("changes nothing for models that are known by name", () =>
    Effect.gen(function* () {
      const hosted = { provider: "openai", model: "small" } as const
      assert.strictEqual(yield* ReplyCache.told(name, model).pipe(environment({})), model)
      const own = environment({ BACKPROSE_MODEL_PATH: "/some/file.gguf" })
      assert.strictEqual(yield* ReplyCache.told(hosted, model).pipe(own), model)
    }).pipe(Effect.provide(platform))
  )
})
