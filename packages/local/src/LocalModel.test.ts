import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as FakePip from "../fixture/FakePip.ts"
import * as LocalModel from "./LocalModel.ts"

const failure = (options: LocalModel.Options) => Effect.flip(Effect.scoped(Layer.build(LocalModel.layer(options))))

describe("an embedded model that cannot be loaded", () => {
  it.live("is missing when its weights are", () =>
    Effect.gen(function* () {
      const error = yield* failure({ cache: yield* FakePip.folder, fetch: false })
      assert.strictEqual(error._tag, "WeightsUnavailable")
    })
  )

  it.live("is named when its file is broken, with what the engine says about it", () =>
    Effect.gen(function* () {
      const path = join(yield* FakePip.folder, "broken.gguf")
      // version 3, and then nothing: no tensors, no names
      const header = Buffer.from("GGUF\x03\0\0\0".padEnd(64, "\0"), "latin1")
      yield* Effect.promise(() => writeFile(path, header))
      const error = yield* failure({ path })
      assert.strictEqual(error._tag, "EngineUnavailable")
      assert.include(error.message, path)
    })
  )
})
