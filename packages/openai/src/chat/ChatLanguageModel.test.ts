import { CurrentSampling } from "@backprose/core"
import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { AiError, LanguageModel, Tool, Toolkit } from "effect/ai"
import { ChatLanguageModel, OpenAi } from "../index.ts"

const serve = (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]) =>
  FaultServer.make({ reply: FaultServer.script(...replies) })

const using = (url: string, config?: ChatLanguageModel.Config) =>
  Effect.provide(OpenAi.model("gpt-test", { baseUrl: url, config }))

const Review = Schema.Struct({
  score: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 })),
  feedback: Schema.String,
  note: Schema.optionalKey(Schema.String)
})

const Add = Tool.make("Add", {
  description: "Adds two numbers",
  parameters: Schema.Struct({ a: Schema.Finite, b: Schema.Finite }),
  success: Schema.Finite
})
const tools = Toolkit.make(Add)
const handlers = tools.toLayer({ Add: ({ a, b }) => Effect.succeed(a + b) })

describe("ChatLanguageModel", () => {
  it.effect("generates text, with its ending, its usage and who answered", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("hello", { model: "gpt-test-2026" }))
      const response = yield* LanguageModel.generateText({
        prompt: [
          { role: "system", content: "be brief" },
          { role: "user", content: "hi" },
          { role: "assistant", content: "yes?" },
          { role: "user", content: "well" }
        ]
      }).pipe(using(server.url))
      assert.strictEqual(response.text, "hello")
      assert.strictEqual(response.finishReason, "stop")
      assert.deepStrictEqual(
        [response.usage.inputTokens, response.usage.outputTokens],
        [
          { total: 11, uncached: 8, cacheRead: 3, cacheWrite: undefined },
          { total: 5, text: 3, reasoning: 2 }
        ]
      )
      const metadata = response.content.find((part) => part.type === "response-metadata")
      assert.strictEqual(metadata?.modelId, "gpt-test-2026")
      const [request] = yield* server.requests
      assert.deepStrictEqual(request?.body, {
        model: "gpt-test",
        messages: [
          { role: "system", content: "be brief" },
          { role: "user", content: "hi" },
          { role: "assistant", content: "yes?" },
          { role: "user", content: "well" }
        ]
      })
    })
  )

  it.effect("asks for an object by a strict JSON schema and decodes it", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.json({ score: 7, feedback: "ok", note: null }))
      const ask = LanguageModel.generateObject({ prompt: "review", schema: Review, objectName: "my review" })
      const response = yield* ask.pipe(using(server.url))
      assert.deepStrictEqual(response.value, { score: 7, feedback: "ok" })
      assert.strictEqual(response.usage.outputTokens.total, 5)
      const format = (yield* server.requests)[0]?.body.response_format
      assert.strictEqual(format.type, "json_schema")
      assert.strictEqual(format.json_schema.name, "my_review")
      assert.strictEqual(format.json_schema.strict, true)
      assert.deepStrictEqual(format.json_schema.schema.required, ["score", "feedback", "note"])
      assert.strictEqual(format.json_schema.schema.additionalProperties, false)
    })
  )

  it.effect("fails on an object that is not of the schema, and on a schema that the wire cannot carry", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.json({ score: 70, feedback: "ok", note: null }))
      const wrong = yield* LanguageModel.generateObject({ prompt: "review", schema: Review }).pipe(
        using(server.url),
        Effect.flip
      )
      assert.strictEqual((wrong as AiError.AiError).reason._tag, "StructuredOutputError")
      const root = Schema.Union([Schema.Struct({ a: Schema.String }), Schema.Struct({ b: Schema.String })])
      const unsupported = yield* LanguageModel.generateObject({ prompt: "x", schema: root }).pipe(
        using(server.url),
        Effect.flip
      )
      assert.strictEqual((unsupported as AiError.AiError).reason._tag, "UnsupportedSchemaError")
      assert.lengthOf(yield* server.requests, 1)
    })
  )

  it.effect("sends images as URLs, as they are or with their bytes inside, and PDF documents as files", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("a cat"))
      const file = (mediaType: string, data: string | Uint8Array | URL) => ({ type: "file" as const, mediaType, data })
      yield* LanguageModel.generateText({
        prompt: [
          {
            role: "user",
            content: [
              { type: "text", text: "what is this?" },
              file("image/png", new URL("https://example.org/cat.png")),
              file("image/png", new URL("data:image/png;base64,AAEC")),
              file("image/jpeg", new Uint8Array([0, 1, 2])),
              file("image/*", "AAEC"),
              file("application/pdf", new Uint8Array([0, 1, 2]))
            ]
          }
        ]
      }).pipe(using(server.url))
      const image = (url: string) => ({ type: "image_url", image_url: { url } })
      assert.deepStrictEqual((yield* server.requests)[0]?.body.messages[0].content, [
        { type: "text", text: "what is this?" },
        image("https://example.org/cat.png"),
        image("data:image/png;base64,AAEC"),
        image("data:image/jpeg;base64,AAEC"),
        image("data:image/jpeg;base64,AAEC"),
        { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,AAEC" } }
      ])
    })
  )

  it.effect("refuses a file it cannot send, before anything is sent", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("never"))
      const error = yield* LanguageModel.generateText({
        prompt: [{ role: "user", content: [{ type: "file", mediaType: "video/mp4", data: "AAEC" }] }]
      }).pipe(using(server.url), Effect.flip)
      assert.strictEqual((error as AiError.AiError).reason._tag, "InvalidUserInputError")
      assert.include(error.message, "video/mp4")
      assert.lengthOf(yield* server.requests, 0)
    })
  )

  it.effect("describes tools, resolves calls, and hands results back", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.toolCall("Add", { a: 1, b: 2 }), Reply.text("three"))
      const first = yield* LanguageModel.generateText({ prompt: "1+2", toolkit: tools, toolChoice: "required" }).pipe(
        Effect.provide(handlers),
        using(server.url)
      )
      assert.strictEqual(first.finishReason, "tool-calls")
      assert.strictEqual(first.toolResults[0]?.result, 3)
      yield* LanguageModel.generateText({
        prompt: [
          { role: "user", content: "1+2" },
          { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "Add", params: { a: 1, b: 2 } }] },
          { role: "tool", content: [{ type: "tool-result", id: "c1", name: "Add", isFailure: false, result: 3 }] }
        ]
      }).pipe(using(server.url))
      const [call, back] = yield* server.requests
      assert.strictEqual(call?.body.tool_choice, "required")
      const described = call?.body.tools[0].function
      assert.deepStrictEqual(
        [described.name, described.description, described.strict, described.parameters.required],
        ["Add", "Adds two numbers", false, ["a", "b"]]
      )
      assert.deepStrictEqual(back?.body.messages.slice(1), [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "Add", arguments: '{"a":1,"b":2}' } }]
        },
        { role: "tool", tool_call_id: "c1", content: "3" }
      ])
    })
  )

  it.effect("fails when a model calls a tool with arguments that are no JSON", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.toolCall("Add", '{"a": 1,'))
      const error = yield* LanguageModel.generateText({ prompt: "1+2", toolkit: tools }).pipe(
        Effect.provide(handlers),
        using(server.url),
        Effect.flip
      )
      assert.strictEqual((error as AiError.AiError).reason._tag, "ToolParameterValidationError")
    })
  )

  it.effect("says how a reply ended: cut by its limit, or withheld by a filter or by the model", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        Fault.cutByLength("half a sen"),
        Fault.contentFiltered,
        Reply.text(null, { refusal: "I cannot help with that" })
      )
      const ask = LanguageModel.generateText({ prompt: "hi" }).pipe(using(server.url))
      const cut = yield* ask
      assert.deepStrictEqual([cut.finishReason, cut.text], ["length", "half a sen"])
      const filtered = yield* ask
      assert.deepStrictEqual([filtered.finishReason, filtered.text], ["content-filter", ""])
      const refused = yield* ask
      assert.deepStrictEqual([refused.finishReason, refused.text], ["content-filter", "I cannot help with that"])
    })
  )

  it.effect("fails with ContentPolicyError where an object was asked for and withheld", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.contentFiltered, Reply.text(null, { refusal: "I cannot" }))
      const ask = LanguageModel.generateObject({ prompt: "x", schema: Review }).pipe(using(server.url), Effect.flip)
      for (const expected of ["filter", "I cannot"]) {
        const error = yield* ask
        assert.strictEqual((error as AiError.AiError).reason._tag, "ContentPolicyError")
        assert.include(error.message, expected)
      }
    })
  )

  it.effect(
    "sends fields of the layer, of withConfig around it, and of the call itself, the inner over the outer",
    () =>
      Effect.gen(function* () {
        const server = yield* serve(Reply.text("ok"))
        yield* LanguageModel.generateText({ prompt: "hi" }).pipe(
          Effect.provideService(CurrentSampling, {
            temperature: 0.25,
            topP: 0.5,
            maxOutputTokens: 99,
            seed: 7,
            stop: ["END"],
            sample: 0
          }),
          ChatLanguageModel.withConfig({ temperature: 1, user: "inner" }),
          ChatLanguageModel.withConfig({ user: "outer", frequency_penalty: 0.1 }),
          using(server.url, { temperature: 2, presence_penalty: 0.2, user: "layer" })
        )
        const { messages: _, model: __, ...fields } = (yield* server.requests)[0]!.body
        assert.deepStrictEqual(fields, {
          temperature: 0.25,
          top_p: 0.5,
          max_tokens: 99,
          seed: 7,
          stop: ["END"],
          user: "inner",
          frequency_penalty: 0.1,
          presence_penalty: 0.2
        })
      })
  )

  it.effect("gives every sample of a seeded request a seed of its own, the same each time", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("ok"))
      const draw = (seed: number | undefined, sample: number) =>
        LanguageModel.generateText({ prompt: "hi" }).pipe(
          Effect.provideService(CurrentSampling, seed === undefined ? { sample } : { seed, sample })
        )
      yield* Effect.gen(function* () {
        for (const seed of [1, 2]) for (const sample of [0, 1, 2]) yield* draw(seed, sample)
        yield* draw(1, 2)
        yield* draw(undefined, 3)
      }).pipe(using(server.url))
      const seeds = (yield* server.requests).map((request) => request.body.seed as number | undefined)
      assert.strictEqual(new Set(seeds.slice(0, 6)).size, 6)
      assert.deepStrictEqual([seeds[0], seeds[3], seeds[6], seeds[7]], [1, 2, seeds[2], undefined])
      for (const seed of seeds.slice(0, 6)) assert.isTrue(Number.isInteger(seed) && seed! >= 0 && seed! < 2 ** 31)
    })
  )

  it.effect("understands servers that leave things out or say them otherwise", () =>
    Effect.gen(function* () {
      const choice = (message: object, finish_reason?: string) =>
        Reply.raw(200, { choices: [{ message, finish_reason }] })
      const server = yield* serve(
        choice({ content: "bare" }),
        choice(
          {
            content: [
              { type: "text", text: "in " },
              { type: "text", text: "parts" }
            ]
          },
          "stop"
        ),
        choice({ content: "", reasoning_content: "hm", tool_calls: [] }, "stop"),
        choice({ tool_calls: [{ function: { name: "Add", arguments: { a: 2, b: 2 } } }] }, "stop"),
        Reply.raw(200, {
          id: 5,
          created: 1e300,
          usage: { prompt_tokens: "many", completion_tokens: -1 },
          choices: [{ message: { content: "odd" } }]
        })
      )
      const ask = LanguageModel.generateText({ prompt: "hi", toolkit: tools }).pipe(
        Effect.provide(handlers),
        using(server.url)
      )
      const bare = yield* ask
      assert.deepStrictEqual(
        [bare.text, bare.finishReason, bare.usage.inputTokens.total],
        ["bare", "unknown", undefined]
      )
      assert.strictEqual((yield* ask).text, "in parts")
      const thought = yield* ask
      assert.deepStrictEqual([thought.text, thought.reasoningText], ["", "hm"])
      const called = yield* ask
      assert.deepStrictEqual([called.finishReason, called.toolResults[0]?.result], ["tool-calls", 4])
      const odd = yield* ask
      assert.deepStrictEqual(
        [odd.text, odd.usage.inputTokens.total, odd.usage.outputTokens.total],
        ["odd", undefined, undefined]
      )
    })
  )
})
