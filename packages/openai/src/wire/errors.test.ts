import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Redacted } from "effect"
import { type AiError, LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { OpenAi } from "../index.ts"

const key = "sk-planted-0123456789abcdef"
const apis = ["chat", "responses"] as const

const serve = (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]) =>
  FaultServer.make({ reply: FaultServer.script(...replies) })

const ask = (url: string, options?: OpenAi.Options) =>
  LanguageModel.generateText({ prompt: "hi" }).pipe(
    Effect.provide(OpenAi.model("gpt-test", { baseUrl: url, apiKey: Redacted.make(key), ...options }))
  )

const failure = (url: string, options?: OpenAi.Options) =>
  Effect.map(Effect.flip(ask(url, options)), (error) => error as AiError.AiError)

const error = (status: number, error: object) => Reply.raw(status, { error })

// reply, reason, retryable, a part of the message
const table: ReadonlyArray<readonly [string, Reply.Reply, string, boolean, string]> = [
  ["429", Fault.rateLimited(), "RateLimitError", true, ""],
  ["quota used up", Fault.quotaExhausted, "QuotaExhaustedError", false, ""],
  ["402", error(402, { message: "no credit" }), "QuotaExhaustedError", false, ""],
  ["401", Fault.unauthorized, "AuthenticationError", false, "InvalidKey"],
  ["403", Fault.forbidden, "AuthenticationError", false, "InsufficientPermissions"],
  [
    "context too long",
    Fault.contextTooLong,
    "InvalidRequestError",
    false,
    "context length exceeded: This model's maximum"
  ],
  [
    "prompt too long",
    error(400, { message: "prompt is too long" }),
    "InvalidRequestError",
    false,
    "context length exceeded"
  ],
  [
    "context too small",
    error(400, { message: "the request exceeds the available context size", type: "exceed_context_size_error" }),
    "InvalidRequestError",
    false,
    "context length exceeded"
  ],
  ["unknown model", Fault.modelUnknown("gpt-test"), "InvalidRequestError", false, 'model not found: "gpt-test"'],
  ["bad request", Fault.badRequest("no such field: foo"), "InvalidRequestError", false, "no such field: foo"],
  ["422", error(422, { message: "not so", param: "seed" }), "InvalidRequestError", false, "'seed'"],
  [
    "filtered prompt",
    error(400, { message: "filtered", code: "content_filter" }),
    "ContentPolicyError",
    false,
    "filtered"
  ],
  ["408", error(408, { message: "too slow" }), "InternalProviderError", true, "HTTP 408: too slow"],
  ["500", Fault.serverError(), "InternalProviderError", true, "HTTP 500"],
  [
    "502 without a body",
    Reply.raw(502, "", { "content-type": "text/plain" }),
    "InternalProviderError",
    true,
    "HTTP 502"
  ],
  ["503", Fault.serverError(503), "InternalProviderError", true, "HTTP 503"],
  ["529", Fault.serverError(529), "InternalProviderError", true, "HTTP 529"],
  ["reset before headers", Fault.resetBeforeHeaders, "NetworkError", true, "ECONNRESET"],
  ["reset in mid-body", Fault.resetMidBody(), "NetworkError", true, ""],
  ["truncated JSON", Fault.truncated(), "InvalidOutputError", true, "not JSON: {"],
  ["HTML with status 200", Fault.html, "InvalidOutputError", true, "not JSON: a page of HTML"],
  [
    "HTML with status 502",
    Reply.raw(502, "<!DOCTYPE html><p>Bad gateway"),
    "InternalProviderError",
    true,
    "a page of HTML"
  ],
  ["JSON of another shape", Reply.raw(200, { hello: "world" }), "InvalidOutputError", true, "another shape"],
  ["JSON that is no object", Reply.raw(200, "null"), "InvalidOutputError", true, "another shape"],
  ["an empty body", Reply.raw(200, ""), "InvalidOutputError", true, "not JSON: it is empty"],
  [
    "an error with status 200",
    Fault.errorWithStatus200("overloaded", 503),
    "InternalProviderError",
    true,
    "overloaded"
  ],
  ["a rate limit with status 200", Fault.errorWithStatus200("slow down", 429), "RateLimitError", true, ""],
  ["no choices", Fault.emptyChoices, "InvalidOutputError", true, "empty reply"],
  ["null content", Fault.nullContent, "InvalidOutputError", true, "empty reply"]
]

for (const api of apis) {
  describe(`errors of the ${api} API`, () => {
    for (const [name, reply, tag, retryable, part] of table) {
      it.effect(`${name} is ${tag}, ${retryable ? "retryable" : "final"}, after one request`, () =>
        Effect.gen(function* () {
          const server = yield* serve(reply)
          const error = yield* failure(server.url, { api })
          assert.deepStrictEqual([error.reason._tag, error.isRetryable], [tag, retryable], error.message)
          assert.include(error.message, part)
          assert.notInclude(error.message, key)
          assert.lengthOf(yield* server.requests, 1)
        })
      )
    }

    it.live("a reply larger than the limit is InvalidResponseError, and is not read to its end", () =>
      Effect.gen(function* () {
        const server = yield* serve(Fault.huge(50_000_000), Fault.huge(50_000_000, true), Fault.huge(200_000))
        for (const times of [1, 2]) {
          const error = yield* failure(server.url, { api, maxReplyBytes: 1_000_000 })
          assert.strictEqual(error.reason._tag, "InvalidResponseError")
          assert.include(error.message, "larger than 1000000 bytes")
          yield* server.until((counts) => counts.aborted === times)
        }
        // what lies in socket buffers between the two was written too
        assert.isBelow((yield* server.counts).bytesSent, 20_000_000)
        assert.isAbove((yield* ask(server.url, { api, maxReplyBytes: 1_000_000 })).text.length, 200_000)
      })
    )

    it.live("interruption closes the socket: before headers, in the body, and drop by drop", () =>
      Effect.gen(function* () {
        const replies = [Fault.hang, Fault.stall(), Fault.trickle(Reply.text("slow"), 20)] as const
        const server = yield* serve(...replies)
        for (const times of [1, 2, 3]) {
          const fiber = yield* Effect.forkChild(ask(server.url, { api }))
          yield* server.until((counts) => counts.requests === times)
          yield* Effect.sleep("50 millis")
          yield* Fiber.interrupt(fiber)
          assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
          yield* server.until((counts) => counts.aborted === times && counts.concurrent === 0)
        }
        yield* server.until((counts) => counts.openSockets === 0)
      })
    )

    it.live("a deadline bounds a body that comes drop by drop", () =>
      Effect.gen(function* () {
        const server = yield* serve(Fault.trickle(Reply.text("slow"), 100))
        const exit = yield* Effect.exit(ask(server.url, { api }).pipe(Effect.timeout("200 millis")))
        assert.isTrue(Exit.isFailure(exit))
        yield* server.until((counts) => counts.aborted === 1)
      })
    )
  })
}

describe("retryAfter", () => {
  it.effect("is read from milliseconds, seconds or a date, and counts from the clock", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        Fault.rateLimited({ retryAfterMs: 1500, retryAfter: "9" }),
        Fault.rateLimited({ retryAfter: "2" }),
        Fault.rateLimited({ retryAfter: "Thu, 01 Jan 1970 00:01:30 GMT" }),
        Fault.rateLimited({ retryAfter: "Thu, 01 Jan 1970 00:00:10 GMT" }),
        Fault.rateLimited({ retryAfter: "soon" }),
        Fault.rateLimited()
      )
      yield* TestClock.setTime(30_000)
      const waits = yield* Effect.forEach([1, 2, 3, 4, 5, 6], () => failure(server.url))
      assert.deepStrictEqual(
        waits.map((error) => error.retryAfter && Duration.toMillis(error.retryAfter)),
        [1500, 2000, 60_000, 0, undefined, undefined]
      )
    })
  )

  it.effect("of a 503 is kept in the metadata", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.serverError(503, { "retry-after": "7", "x-request-id": "req_1" }))
      const { reason } = yield* failure(server.url)
      assert.strictEqual(reason._tag, "InternalProviderError")
      const metadata = "metadata" in reason ? (reason.metadata["openai"] as Record<string, unknown>) : {}
      assert.deepStrictEqual(
        [metadata["status"], metadata["retryAfterMs"], metadata["requestId"]],
        [503, 7000, "req_1"]
      )
    })
  )
})

describe("keys in messages", () => {
  const shapes: ReadonlyArray<readonly [string, string]> = [
    [key, `Incorrect API key provided: ${key}. Find yours.`],
    [key, `Incorrect API key provided: sk-plant**********cdef.`],
    [key, `header was "Authorization: Bearer ${key}"`],
    [key, `{"url":"https://user:${key}@host/v1?api_key=${key}"}`],
    ["0f9e8d7c6b5a49388271", "key 0f9e8d7c6b5a49388271 is wrong"],
    ["0f9e8d7c6b5a49388271", "key 0f9e8d7c6b... is wrong, nor does ...49388271 help"],
    ["short", "key short is wrong"]
  ]

  it.effect("are masked: whole, in part, starred out, in headers and in URLs", () =>
    Effect.gen(function* () {
      for (const [apiKey, message] of shapes) {
        for (const status of [400, 401, 500]) {
          const server = yield* serve(error(status, { message, code: message, type: message, param: message }))
          const failed = yield* failure(server.url, { apiKey: Redacted.make(apiKey) })
          const everything = `${failed.message} ${JSON.stringify(failed)} ${failed.stack} ${String(failed.cause)}`
          for (const piece of [apiKey, apiKey.slice(0, 10), apiKey.slice(-8), "sk-plant"]) {
            if (piece !== "" && message.includes(piece)) assert.notInclude(everything, piece, message)
          }
        }
      }
    })
  )

  it.effect("leave the rest of a message as it was", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.badRequest("the task asked for is risk-free, see https://example.org/a?b=c"))
      assert.include(
        (yield* failure(server.url)).message,
        "the task asked for is risk-free, see https://example.org/a?b=c"
      )
    })
  )
})
