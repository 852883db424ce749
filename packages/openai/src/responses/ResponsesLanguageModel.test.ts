import { CurrentSampling } from "@backprose/core"
import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema, Stream } from "effect"
import { type AiError, LanguageModel, Prompt, Tool, Toolkit } from "effect/ai"
import { OpenAi, ResponsesLanguageModel } from "../index.ts"

const serve = (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]) =>
  FaultServer.make({ reply: FaultServer.script(...replies) })

const using = (url: string, config?: ResponsesLanguageModel.Config) =>
  Effect.provide(OpenAi.model("gpt-test", { baseUrl: url, api: "responses", config }))

const Review = Schema.Struct({ score: Schema.Int, note: Schema.optionalKey(Schema.String) })

const Add = Tool.make("Add", {
  parameters: Schema.Struct({ a: Schema.Finite, b: Schema.Finite }),
  success: Schema.Finite
})
const tools = Toolkit.make(Add)
const handlers = tools.toLayer({ Add: ({ a, b }) => Effect.succeed(a + b) })

const stream = LanguageModel.streamText({ prompt: "hi" }).pipe(Stream.runCollect)

const reasoning = {
  id: "rs_1",
  type: "reasoning",
  summary: [{ type: "summary_text", text: "hm" }],
  encrypted_content: "E"
}
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text: "ok", annotations: [] }]
}

describe("ResponsesLanguageModel", () => {
  it.effect("generates text, with its ending and its usage, and stores nothing with the provider", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("hello"))
      const response = yield* LanguageModel.generateText({
        prompt: [
          { role: "system", content: "be brief" },
          { role: "user", content: "hi" },
          { role: "assistant", content: "yes?" },
          { role: "user", content: "well" }
        ]
      }).pipe(using(server.url))
      assert.deepStrictEqual([response.text, response.finishReason], ["hello", "stop"])
      assert.deepStrictEqual(
        [response.usage.inputTokens.total, response.usage.inputTokens.cacheRead, response.usage.outputTokens],
        [11, 3, { total: 5, text: 3, reasoning: 2 }]
      )
      const [request] = yield* server.requests
      const text = (text: string) => [{ type: "input_text", text }]
      assert.deepStrictEqual(request?.body, {
        store: false,
        model: "gpt-test",
        input: [
          { role: "system", content: "be brief" },
          { role: "user", content: text("hi") },
          { role: "assistant", content: "yes?" },
          { role: "user", content: text("well") }
        ]
      })
    })
  )

  it.effect("asks for an object by a strict JSON schema and decodes it", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.json({ score: 7, note: null }))
      const response = yield* LanguageModel.generateObject({
        prompt: "review",
        schema: Review,
        objectName: "review"
      }).pipe(using(server.url, { text: { verbosity: "low" } }))
      assert.deepStrictEqual(response.value, { score: 7 })
      const { format, verbosity } = (yield* server.requests)[0]!.body.text
      assert.deepStrictEqual(
        [format.type, format.name, format.strict, verbosity],
        ["json_schema", "review", true, "low"]
      )
      assert.deepStrictEqual(format.schema.required, ["score", "note"])
    })
  )

  it.effect("sends images and documents, by URL or with their bytes inside", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("a cat"))
      const file = (mediaType: string, data: string | Uint8Array | URL) => ({ type: "file" as const, mediaType, data })
      yield* LanguageModel.generateText({
        prompt: [
          {
            role: "user",
            content: [
              file("image/png", new URL("https://example.org/cat.png")),
              file("image/png", new Uint8Array([0, 1, 2])),
              file("application/pdf", "AAEC"),
              file("application/pdf", new URL("https://example.org/a.pdf"))
            ]
          }
        ]
      }).pipe(using(server.url))
      assert.deepStrictEqual((yield* server.requests)[0]?.body.input[0].content, [
        { type: "input_image", image_url: "https://example.org/cat.png", detail: "auto" },
        { type: "input_image", image_url: "data:image/png;base64,AAEC", detail: "auto" },
        { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,AAEC" },
        { type: "input_file", file_url: "https://example.org/a.pdf" }
      ])
    })
  )

  it.effect("describes tools, resolves calls, and hands results back", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.toolCall("Add", { a: 1, b: 2 }, "c1"), Reply.text("three"))
      const first = yield* LanguageModel.generateText({
        prompt: "1+2",
        toolkit: tools,
        toolChoice: { tool: "Add" }
      }).pipe(Effect.provide(handlers), using(server.url))
      assert.deepStrictEqual([first.finishReason, first.toolResults[0]?.result], ["tool-calls", 3])
      yield* LanguageModel.generateText({
        prompt: Prompt.concat(Prompt.make("1+2"), Prompt.fromResponseParts(first.content))
      }).pipe(using(server.url))
      const [call, back] = yield* server.requests
      assert.deepStrictEqual(call?.body.tool_choice, { type: "function", name: "Add" })
      assert.deepStrictEqual([call?.body.tools[0].type, call?.body.tools[0].name], ["function", "Add"])
      assert.deepStrictEqual(back?.body.input.slice(1), [
        { type: "function_call", call_id: "c1", name: "Add", arguments: '{"a":1,"b":2}' },
        { type: "function_call_output", call_id: "c1", output: "3" }
      ])
    })
  )

  it.effect("hands reasoning back with the encrypted content it came with", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.raw(200, { status: "completed", output: [reasoning, message] }))
      const first = yield* LanguageModel.generateText({ prompt: "hi" }).pipe(using(server.url))
      assert.deepStrictEqual([first.reasoningText, first.text], ["hm", "ok"])
      yield* LanguageModel.generateText({
        prompt: Prompt.concat(Prompt.make("hi"), Prompt.fromResponseParts(first.content))
      }).pipe(using(server.url))
      assert.deepStrictEqual((yield* server.requests)[1]?.body.input.slice(1), [
        reasoning,
        { role: "assistant", content: "ok" }
      ])
    })
  )

  it.effect("says how a reply ended: cut by its limit, or withheld by a filter or by the model", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        Fault.cutByLength("half a"),
        Fault.contentFiltered,
        Reply.text(null, { refusal: "no" })
      )
      const ask = LanguageModel.generateText({ prompt: "hi" })
      const replies = yield* Effect.forEach([1, 2, 3], () => ask).pipe(using(server.url))
      assert.deepStrictEqual(
        replies.map((reply) => [reply.finishReason, reply.text]),
        [
          ["length", "half a"],
          ["content-filter", ""],
          ["content-filter", "no"]
        ]
      )
      const refused = yield* LanguageModel.generateObject({ prompt: "x", schema: Review }).pipe(
        using(server.url),
        Effect.flip
      )
      assert.strictEqual((refused as AiError.AiError).reason._tag, "ContentPolicyError")
    })
  )

  it.effect("sends sampling options that the API has, and refuses stop sequences, which it has not", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("ok"))
      const ask = LanguageModel.generateText({ prompt: "hi" })
      yield* ask.pipe(
        Effect.provideService(CurrentSampling, {
          temperature: 0.25,
          topP: 0.5,
          maxOutputTokens: 99,
          seed: 7,
          sample: 1
        }),
        ResponsesLanguageModel.withConfig({ temperature: 1, user: "inner" }),
        using(server.url, { user: "layer", truncation: "auto" })
      )
      const { input: _, model: __, ...fields } = (yield* server.requests)[0]!.body
      assert.deepStrictEqual(fields, {
        store: false,
        temperature: 0.25,
        top_p: 0.5,
        max_output_tokens: 99,
        user: "inner",
        truncation: "auto"
      })
      const refused = yield* ask.pipe(
        Effect.provideService(CurrentSampling, { stop: ["END"], sample: 0 }),
        using(server.url),
        Effect.flip
      )
      assert.strictEqual((refused as AiError.AiError).reason._tag, "InvalidRequestError")
      assert.include(refused.message, "stop sequences")
    })
  )

  it.effect("fails with what the provider says of a response that it gave up on", () =>
    Effect.gen(function* () {
      const failed = (error: object | null, status = "failed") => Reply.raw(200, { status, error, output: [] })
      const server = yield* serve(
        failed({ code: "server_error", message: "it broke" }),
        failed({ code: "rate_limit_exceeded", message: "slow down" }),
        failed(null, "cancelled"),
        Fault.emptyChoices,
        Reply.raw(200, { status: "completed" })
      )
      const ask = LanguageModel.generateText({ prompt: "hi" }).pipe(Effect.flip)
      const errors = yield* Effect.forEach([1, 2, 3, 4, 5], () => ask).pipe(using(server.url))
      assert.deepStrictEqual(
        errors.map((error) => (error as AiError.AiError).reason._tag),
        ["InternalProviderError", "RateLimitError", "InternalProviderError", "InvalidOutputError", "InvalidOutputError"]
      )
      assert.include(errors[0]?.message, "it broke")
    })
  )

  it.effect("streams text, tool calls and the usage", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        Reply.text("hello big world"),
        Reply.toolCall("Add", { a: 1, b: 2 }),
        Fault.cutByLength("half a")
      )
      const parts = yield* stream.pipe(using(server.url))
      assert.deepStrictEqual(
        parts.map((part) => part.type),
        ["response-metadata", "text-start", "text-delta", "text-delta", "text-delta", "text-end", "finish"]
      )
      const finish = parts.find((part) => part.type === "finish")
      assert.deepStrictEqual([finish?.reason, finish?.usage.inputTokens.cacheRead], ["stop", 3])
      const called = yield* LanguageModel.streamText({ prompt: "1+2", toolkit: tools }).pipe(
        Stream.runCollect,
        Effect.provide(handlers),
        using(server.url)
      )
      assert.deepStrictEqual(
        called.map((part) => part.type),
        [
          "response-metadata",
          "tool-params-start",
          "tool-params-delta",
          "tool-params-end",
          "tool-call",
          "tool-result",
          "finish"
        ]
      )
      assert.strictEqual(called.find((part) => part.type === "tool-result")?.result, 3)
      const cut = yield* stream.pipe(using(server.url))
      assert.strictEqual(cut.find((part) => part.type === "finish")?.reason, "length")
    })
  )

  it.effect("streams reasoning, with what is needed to hand it back", () =>
    Effect.gen(function* () {
      const response = { id: "r", model: "m", status: "completed", output: [reasoning, message] }
      const events = [
        { type: "response.created", response: { ...response, output: [] } },
        { type: "response.output_item.added", item: { ...reasoning, summary: [] } },
        { type: "response.reasoning_summary_text.delta", item_id: "rs_1", delta: "hm" },
        { type: "response.output_item.done", item: reasoning },
        { type: "response.output_text.delta", item_id: "msg_1", delta: "ok" },
        { type: "response.output_item.done", item: message },
        { type: "response.completed", response }
      ]
      const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("")
      const server = yield* serve(Reply.raw(200, body, { "content-type": "text/event-stream" }))
      const parts = yield* stream.pipe(using(server.url))
      assert.deepStrictEqual(
        parts.map((part) => part.type),
        [
          "response-metadata",
          "reasoning-start",
          "reasoning-delta",
          "reasoning-end",
          "text-start",
          "text-delta",
          "text-end",
          "finish"
        ]
      )
      const end = parts.find((part) => part.type === "reasoning-end")
      assert.deepStrictEqual(end?.metadata["openai"], { itemId: "rs_1", encryptedContent: "E" })
    })
  )

  it.effect("fails retryably when the stream breaks off, however it does", () =>
    Effect.gen(function* () {
      const long = Reply.text("a reply of many words that is to break off somewhere in its middle")
      const sse = (event: { readonly type: string }) =>
        Reply.raw(200, `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`, {
          "content-type": "text/event-stream"
        })
      const failed = { status: "failed", error: { code: "server_error", message: "it broke" }, output: [] }
      const server = yield* serve(
        Fault.resetBeforeHeaders,
        Fault.resetMidBody(long),
        Fault.truncated(long),
        Fault.html,
        sse({ type: "response.failed", ...{ response: failed } }),
        sse({ type: "error", ...{ code: "server_error", message: "it broke" } }),
        Fault.serverError(529)
      )
      for (let count = 1; count <= 7; count++) {
        const error = (yield* stream.pipe(using(server.url), Effect.flip)) as AiError.AiError
        assert.isTrue(error.isRetryable, `${count}: ${error.message}`)
        assert.include(
          ["NetworkError", "InternalProviderError", "InvalidOutputError"],
          error.reason._tag,
          String(count)
        )
      }
    })
  )

  it.live("closes the socket when it is interrupted, streaming or not", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.hang)
      const asks = [Effect.asVoid(stream), Effect.asVoid(LanguageModel.generateText({ prompt: "hi" }))]
      for (const [index, ask] of asks.entries()) {
        const fiber = yield* Effect.forkChild(ask.pipe(using(server.url)))
        yield* server.until((counts) => counts.requests === index + 1)
        yield* Fiber.interrupt(fiber)
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
        yield* server.until((counts) => counts.aborted === index + 1)
      }
    })
  )
})
