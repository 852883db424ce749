import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { type AiError, LanguageModel } from "effect/ai"
import { ChatLanguageModel, OpenAi, OpenAiClient } from "../index.ts"

const env = (values: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromUnknown(values))

const server = FaultServer.make({ reply: FaultServer.script(Reply.text("hi")) })

const ask = LanguageModel.generateText({ prompt: "hi" })

describe("OpenAiClient", () => {
  it.effect("takes key and base URL from the configuration", () =>
    Effect.gen(function* () {
      const { requests, url } = yield* server
      yield* ask.pipe(
        Effect.provide(OpenAi.model("m").pipe(Layer.provide(env({ OPENAI_API_KEY: "sk-mine", OPENAI_BASE_URL: url }))))
      )
      assert.strictEqual((yield* requests)[0]?.headers["authorization"], "Bearer sk-mine")
    })
  )

  it.effect("lets options win over the configuration", () =>
    Effect.gen(function* () {
      const { requests, url } = yield* server
      const options = { baseUrl: url, apiKey: Redacted.make(" sk-given\n") }
      const elsewhere = env({ OPENAI_API_KEY: "sk-mine", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" })
      yield* ask.pipe(Effect.provide(OpenAi.model("m", options).pipe(Layer.provide(elsewhere))))
      assert.strictEqual((yield* requests)[0]?.headers["authorization"], "Bearer sk-given")
    })
  )

  it.effect("needs no key with a base URL, given or configured, also where the variable is set to nothing", () =>
    Effect.gen(function* () {
      const { requests, url } = yield* server
      yield* ask.pipe(
        Effect.provide(OpenAi.model("m", { baseUrl: url }).pipe(Layer.provide(env({ OPENAI_API_KEY: "" }))))
      )
      yield* ask.pipe(Effect.provide(OpenAi.model("m").pipe(Layer.provide(env({ OPENAI_BASE_URL: url })))))
      assert.deepStrictEqual(
        (yield* requests).map((request) => request.headers["authorization"]),
        ["Bearer none", "Bearer none"]
      )
    })
  )

  it.effect("says that the key is missing when a server wants one after all", () =>
    Effect.gen(function* () {
      const { url } = yield* FaultServer.make({ reply: () => Fault.unauthorized })
      const model = OpenAi.model("m", { baseUrl: url }).pipe(Layer.provide(env({})))
      const error = (yield* ask.pipe(Effect.provide(model), Effect.flip)) as AiError.AiError
      assert.include(error.message, "MissingKey")
    })
  )

  it.effect("fails to build without key and base URL, naming the variable", () =>
    Effect.gen(function* () {
      for (const values of [{}, { OPENAI_API_KEY: "" }, { OPENAI_API_KEY: "  " }, { OPENAI_BASE_URL: "" }]) {
        const model = OpenAi.model("m").pipe(Layer.provide(env(values)))
        const error = yield* ask.pipe(Effect.provide(model), Effect.flip)
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(error.message, "OPENAI_API_KEY is not set")
      }
    })
  )

  it.effect("fails to build on a base URL that is none, or that hides a password, and on a key that is none", () =>
    Effect.gen(function* () {
      const build = (options: OpenAi.Options) =>
        ask.pipe(Effect.provide(OpenAi.model("m", options).pipe(Layer.provide(env({})))), Effect.flip)
      for (const baseUrl of [
        "localhost:8080/v1",
        "nonsense",
        "ftp://host/v1",
        "http://user:hunter2pass@127.0.0.1/v1"
      ]) {
        const error = yield* build({ baseUrl })
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(error.message, "base URL")
        assert.notInclude(error.message, "hunter2pass")
      }
      const error = yield* build({ apiKey: Redacted.make("sk-two\nlines-of-a-key") })
      assert.strictEqual(error._tag, "ConfigError")
      assert.notInclude(error.message, "lines-of-a-key")
    })
  )

  it.effect("names the URL when nobody listens there", () =>
    Effect.gen(function* () {
      const model = OpenAi.model("m", { baseUrl: "http://127.0.0.1:1/v1/" })
      const error = (yield* ask.pipe(Effect.provide(model), Effect.flip)) as AiError.AiError
      assert.strictEqual(error.reason._tag, "NetworkError")
      assert.isTrue(error.isRetryable)
      assert.include(error.message, "POST http://127.0.0.1:1/v1/chat/completions")
    })
  )

  it.effect("names the model and the URL when there is no API at the URL", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const model = OpenAi.model("m1", { baseUrl: url.replace("/v1", "") })
      const error = (yield* ask.pipe(Effect.provide(model), Effect.flip)) as AiError.AiError
      assert.strictEqual(error.reason._tag, "InvalidRequestError")
      assert.include(error.message, 'model not found: "m1", or no API at http://127.0.0.1')
    })
  )

  it.effect("serves several models by one client, and reads no configuration by itself", () =>
    Effect.gen(function* () {
      const { requests, url } = yield* server
      const client = OpenAiClient.layer({ baseUrl: url, apiKey: Redacted.make("sk-one") })
      for (const model of ["a", "b"]) {
        yield* ask.pipe(Effect.provide(ChatLanguageModel.layer({ model }).pipe(Layer.provide(client))))
      }
      assert.deepStrictEqual(
        (yield* requests).map((request) => request.model),
        ["a", "b"]
      )
      const bare = OpenAiClient.layer({}).pipe(Layer.provide(env({ OPENAI_API_KEY: "sk-mine" })), Layer.build)
      assert.strictEqual((yield* Effect.flip(Effect.scoped(bare)))._tag, "ConfigError")
    })
  )

  it.effect("asks by a fetch of the user's own, and reads no more than it should of that either", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const fetch = (input: string | URL | Request) => {
        asked.push(String(input))
        return Promise.resolve(
          new Response(JSON.stringify({ choices: [{ message: { content: "hi" }, finish_reason: "stop" }] }))
        )
      }
      const options = { baseUrl: "http://nowhere.invalid/v1", fetch }
      assert.strictEqual((yield* ask.pipe(Effect.provide(OpenAi.model("m", options)))).text, "hi")
      const error = yield* ask.pipe(Effect.provide(OpenAi.model("m", { ...options, maxReplyBytes: 10 })), Effect.flip)
      assert.include(error.message, "larger than 10 bytes")
      assert.deepStrictEqual(asked, Array(2).fill("http://nowhere.invalid/v1/chat/completions"))
    })
  )

  it.live("keeps connections open from call to call, and runs calls at once", () =>
    Effect.gen(function* () {
      const { counts, url } = yield* FaultServer.make({ reply: () => Reply.after(30, Reply.text("hi")) })
      yield* Effect.forEach([1, 2, 3, 4], () => ask, { concurrency: 4 }).pipe(
        Effect.andThen(Effect.forEach([1, 2, 3, 4, 5, 6, 7, 8], () => ask)),
        Effect.provide(OpenAi.model("m", { baseUrl: url }))
      )
      const seen = yield* counts
      assert.strictEqual(seen.maxConcurrent, 4)
      assert.isAtMost(seen.openSockets, 6)
    })
  )
})
