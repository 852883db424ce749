import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { LanguageModel, Model } from "effect/ai"
import { ModelIdentity, TextModel } from "../index.ts"

const provider = Layer.effect(
  LanguageModel.LanguageModel,
  LanguageModel.make({
    generateText: () => Effect.succeed([{ type: "text", text: "hi" }]),
    streamText: () => {
      throw new Error("nothing is streamed")
    }
  })
)

const identityOf = <E, R>(layer: Layer.Layer<TextModel, E, R>) =>
  Effect.provide(
    Effect.map(TextModel, ({ identity }) => identity),
    layer
  )

describe("the identity of a model", () => {
  it("keeps origin and path of a URL, and neither its query nor its user", () => {
    const { endpoint } = ModelIdentity.named({
      provider: "openai",
      model: "m",
      url: "https://user:password@host.example:8443/v1/?api-key=secret#part"
    })
    assert.strictEqual(endpoint, "https://host.example:8443/v1")
  })

  it("differs by each setting, in whichever order they are written", () => {
    const settings = (settings: { readonly [name: string]: unknown }) =>
      ModelIdentity.named({ provider: "openai", model: "m", settings }).settings
    assert.strictEqual(settings({ temperature: 0, seed: 1 }), settings({ seed: 1, temperature: 0 }))
    assert.notStrictEqual(settings({ temperature: 0 }), settings({ temperature: 1 }))
    assert.isUndefined(settings({}))
  })

  it.effect("is what the provider's layer says", () =>
    Effect.gen(function* () {
      const said = ModelIdentity.named({ provider: "openai", model: "gpt", url: "http://127.0.0.1:1/v1" })
      const layer = Layer.merge(provider, Layer.succeed(ModelIdentity, said))
      assert.deepStrictEqual(yield* identityOf(TextModel.layer(layer)), said)
      assert.deepStrictEqual(yield* identityOf(TextModel.layerLanguageModel.pipe(Layer.provide(layer))), said)
    })
  )

  it.effect("is the name of an effect/ai model where its layer says nothing else", () =>
    Effect.gen(function* () {
      const identity = yield* identityOf(TextModel.layer(Model.make("anthropic", "claude", provider)))
      assert.deepStrictEqual(identity, { provider: "anthropic", model: "claude" })
    })
  )

  it.effect("is unknown where nobody says it", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* identityOf(TextModel.layer(provider)))
    })
  )
})
