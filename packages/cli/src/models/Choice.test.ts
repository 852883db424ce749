import { ModelCatalogue } from "@backprose/local"
import { FaultServer } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import * as Choice from "./Choice.ts"

const choose = (given: Choice.Given, env: Readonly<Record<string, string>> = {}) =>
  Choice.of(given).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))

const local = { provider: "local", model: ModelCatalogue.defaultName }

describe("the models of a command", () => {
  it.effect("are the embedded one where nothing is set, also where variables are set to nothing", () =>
    Effect.gen(function* () {
      for (const env of [{}, { OPENAI_API_KEY: "", OPENAI_BASE_URL: "" }]) {
        const choice = yield* choose({}, env)
        assert.deepStrictEqual([choice.forward, choice.backward, choice.optimizer], [local, local, local])
      }
    })
  )

  it.effect("are hosted where there is a key", () =>
    Effect.gen(function* () {
      const { forward, baseUrl } = yield* choose({}, { OPENAI_API_KEY: "sk-1" })
      assert.deepStrictEqual([forward.provider, forward.model, baseUrl], ["openai", Choice.hostedDefault, undefined])
    })
  )

  it.live("are the first a server lists where only its URL is given, by flag or variable", () =>
    Effect.gen(function* () {
      const { url } = yield* FaultServer.make({ reply: FaultServer.script as never, models: ["first", "second"] })
      for (const choice of [yield* choose({ baseUrl: url }), yield* choose({}, { OPENAI_BASE_URL: url })]) {
        assert.deepStrictEqual(choice.forward, { provider: "openai", model: "first" })
        assert.strictEqual(choice.baseUrl, url)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("can be another for each role; the editor follows the critic", () =>
    Effect.gen(function* () {
      const choice = yield* choose(
        { model: `local:${local.model}`, backwardModel: "openai:a:b" },
        { OPENAI_API_KEY: "k" }
      )
      const critic = { provider: "openai", model: "a:b" }
      assert.deepStrictEqual([choice.forward, choice.backward, choice.optimizer], [local, critic, critic])
    })
  )

  it.effect("have a fallback only where one is named, which needs a key as they do", () =>
    Effect.gen(function* () {
      assert.isUndefined((yield* choose({})).fallback)
      const given = { model: `local:${local.model}`, fallbackModel: "openai:gpt-5" }
      assert.deepStrictEqual((yield* choose(given, { OPENAI_API_KEY: "k" })).fallback, {
        provider: "openai",
        model: "gpt-5"
      })
      assert.strictEqual((yield* Effect.flip(choose(given)))._tag, "KeyMissing")
    })
  )

  it.effect("are refused where a hosted one has no key", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(choose({ backwardModel: "openai:gpt-5" }))
      assert.strictEqual(error._tag, "KeyMissing")
      assert.include(error.message, "OPENAI_API_KEY")
    })
  )

  it.effect("must be named with a provider, and embedded ones must be known", () =>
    Effect.gen(function* () {
      for (const [model, part] of [
        ["gpt-5", "openai:gpt-5"],
        ["foo:bar", "names no provider"],
        ["openai:", "names no model"],
        ["local:nope", ModelCatalogue.defaultName]
      ] as const) {
        const error = yield* Effect.flip(choose({ model }))
        assert.strictEqual(error._tag, "ModelNameInvalid")
        assert.include(error.message, part)
      }
    })
  )

  it.effect("are refused where the base URL is none", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(choose({ baseUrl: "localhost:8080" }))
      assert.strictEqual(error._tag, "OptionInvalid")
    })
  )
})
