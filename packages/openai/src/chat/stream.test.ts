import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema, Stream } from "effect"
import { type AiError, LanguageModel, Tool, Toolkit } from "effect/ai"
import { OpenAi } from "../index.ts"

const serve = (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]) =>
  FaultServer.make({ reply: FaultServer.script(...replies) })

const using = (url: string) => Effect.provide(OpenAi.model("gpt-test", { baseUrl: url }))

const stream = LanguageModel.streamText({ prompt: "hi" }).pipe(Stream.runCollect)

const textOf = (parts: ReadonlyArray<{ readonly type: string; readonly delta?: string }>) =>
  parts.flatMap((part) => (part.type === "text-delta" ? [part.delta] : [])).join("")

const Add = Tool.make("Add", {
  parameters: Schema.Struct({ a: Schema.Finite, b: Schema.Finite }),
  success: Schema.Finite
})
const tools = Toolkit.make(Add)
const handlers = tools.toLayer({ Add: ({ a, b }) => Effect.succeed(a + b) })

// raw server-sent events, as a server of one's own may send them
const sse = (...events: ReadonlyArray<object | string>): Reply.Reply =>
  Reply.raw(
    200,
    events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join(""),
    {
      "content-type": "text/event-stream"
    }
  )

describe("ChatLanguageModel, streamed", () => {
  it.effect("streams text piece by piece, and ends with the reason and the usage", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("hello big world"))
      const parts = yield* stream.pipe(using(server.url))
      assert.deepStrictEqual(
        parts.map((part) => part.type),
        ["response-metadata", "text-start", "text-delta", "text-delta", "text-delta", "text-end", "finish"]
      )
      assert.strictEqual(textOf(parts), "hello big world")
      const finish = parts.find((part) => part.type === "finish")
      assert.strictEqual(finish?.reason, "stop")
      assert.deepStrictEqual(
        [finish?.usage.inputTokens.total, finish?.usage.inputTokens.cacheRead, finish?.usage.outputTokens.reasoning],
        [11, 3, 2]
      )
      const [request] = yield* server.requests
      assert.deepStrictEqual(request?.body.stream_options, { include_usage: true })
    })
  )

  it.effect("streams the arguments of tool calls, and runs the tools", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.toolCall("Add", { a: 1, b: 2 }))
      const parts = yield* LanguageModel.streamText({ prompt: "1+2", toolkit: tools }).pipe(
        Stream.runCollect,
        Effect.provide(handlers),
        using(server.url)
      )
      assert.deepStrictEqual(
        parts.map((part) => part.type),
        [
          "response-metadata",
          "tool-params-start",
          "tool-params-delta",
          "tool-params-delta",
          "tool-params-end",
          "tool-call",
          "tool-result",
          "finish"
        ]
      )
      assert.strictEqual(parts.find((part) => part.type === "tool-result")?.result, 3)
      assert.strictEqual(parts.find((part) => part.type === "finish")?.reason, "tool-calls")
    })
  )

  it.effect("says when a reply was cut, filtered or refused", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        Fault.cutByLength("half a"),
        Fault.contentFiltered,
        Reply.text(null, { refusal: "no" })
      )
      const ends = yield* Effect.forEach([1, 2, 3], () => stream).pipe(using(server.url))
      assert.deepStrictEqual(
        ends.map((parts) => parts.find((part) => part.type === "finish")?.reason),
        ["length", "content-filter", "content-filter"]
      )
      assert.deepStrictEqual(ends.map(textOf), ["half a", "", "no"])
    })
  )

  it.effect("keeps reasoning and text apart, and ends without usage where a server sends none", () =>
    Effect.gen(function* () {
      const delta = (delta: object, finish_reason?: string) => ({ choices: [{ delta, finish_reason }] })
      const server = yield* serve(
        sse(
          delta({ reasoning_content: "let me " }),
          delta({ reasoning_content: "see" }),
          delta({ content: "4" }, "stop")
        )
      )
      const parts = yield* stream.pipe(using(server.url))
      assert.deepStrictEqual(
        parts.map((part) => part.type),
        [
          "response-metadata",
          "reasoning-start",
          "reasoning-delta",
          "reasoning-delta",
          "reasoning-end",
          "text-start",
          "text-delta",
          "text-end",
          "finish"
        ]
      )
      assert.isUndefined(parts.find((part) => part.type === "finish")?.usage.inputTokens.total)
    })
  )

  it.effect("fails retryably when the stream breaks off, however it does", () =>
    Effect.gen(function* () {
      const long = Reply.text("a reply of many words that is to break off somewhere in its middle")
      const server = yield* serve(
        Fault.resetBeforeHeaders,
        Fault.resetMidBody(long),
        Fault.truncated(long),
        Fault.html,
        sse({ choices: [{ delta: { content: "no end" } }] }, "[DONE]"),
        sse({ choices: 5 }),
        sse("{ not json"),
        sse({ error: { message: "overloaded", type: "server_error" } }),
        Fault.serverError(503)
      )
      for (let count = 1; count <= 9; count++) {
        const error = (yield* stream.pipe(using(server.url), Effect.flip)) as AiError.AiError
        assert.isTrue(error.isRetryable, `${count}: ${error.message}`)
        assert.include(
          ["NetworkError", "InternalProviderError", "InvalidOutputError"],
          error.reason._tag,
          String(count)
        )
        assert.strictEqual(error.method, "streamText")
      }
    })
  )

  it.effect("fails with what the provider reports inside the stream", () =>
    Effect.gen(function* () {
      const report = (code: string, message = "see code") => sse({ error: { message, code } })
      const server = yield* serve(
        report("rate_limit_exceeded"),
        report("insufficient_quota"),
        report("context_length_exceeded"),
        report("model_not_found"),
        report("content_filter")
      )
      const tags = yield* Effect.forEach([1, 2, 3, 4, 5], () => Effect.flip(stream)).pipe(using(server.url))
      assert.deepStrictEqual(
        tags.map((error) => (error as AiError.AiError).reason._tag),
        ["RateLimitError", "QuotaExhaustedError", "InvalidRequestError", "InvalidRequestError", "ContentPolicyError"]
      )
    })
  )

  it.live("closes the socket when the reader stops early, and when it is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        Fault.huge(Number.POSITIVE_INFINITY),
        Fault.hang,
        Fault.stall(Reply.text("a b c d e f"))
      )
      const early = yield* LanguageModel.streamText({ prompt: "hi" }).pipe(
        Stream.take(5),
        Stream.runCollect,
        using(server.url)
      )
      assert.lengthOf(early, 5)
      yield* server.until((counts) => counts.aborted === 1)
      for (const times of [2, 3]) {
        const fiber = yield* Effect.forkChild(stream.pipe(using(server.url)))
        yield* server.until((counts) => counts.requests === times)
        yield* Effect.sleep("50 millis")
        assert.isTrue(Exit.isFailure(yield* Fiber.interrupt(fiber).pipe(Effect.andThen(Fiber.await(fiber)))))
        yield* server.until((counts) => counts.aborted === times && counts.concurrent === 0)
      }
    })
  )

  it.live("fails with a limit of bytes, and stops reading there", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.huge(Number.POSITIVE_INFINITY))
      const error = yield* stream.pipe(
        Effect.provide(OpenAi.model("m", { baseUrl: server.url, maxReplyBytes: 100_000 })),
        Effect.flip
      )
      assert.strictEqual((error as AiError.AiError).reason._tag, "InvalidResponseError")
      assert.include(error.message, "larger than 100000 bytes")
      yield* server.until((counts) => counts.aborted === 1)
    })
  )
})
