import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import * as Fault from "./Fault.ts"
import * as FaultServer from "./FaultServer.ts"
import * as Reply from "./Reply.ts"

const ask = (url: string, body: object = {}, path = "/chat/completions") =>
  Effect.tryPromise((signal) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-planted" },
      body: JSON.stringify({ model: "m1", messages: [], ...body }),
      signal
    }).then((response) =>
      response.text().then((text) => ({ status: response.status, headers: response.headers, text }))
    )
  )

const serve = (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]) =>
  FaultServer.make({ reply: FaultServer.script(...replies) })

const decode = (answer: { readonly text: string }) => JSON.parse(answer.text)

// data lines of server-sent events
const events = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)))

describe("FaultServer", () => {
  it.live("says what its script says, in order, the last reply for all that follow", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("one"), Reply.text("two"))
      const said = yield* Effect.forEach([1, 2, 3], () => ask(server.url))
      assert.deepStrictEqual(
        said.map((answer) => decode(answer).choices[0].message.content),
        ["one", "two", "two"]
      )
      assert.strictEqual(decode(said[0]!).model, "m1")
      assert.deepStrictEqual(decode(said[0]!).usage.prompt_tokens_details, { cached_tokens: 3 })
    })
  )

  it.live("answers responses requests in their own form, and lists models", () =>
    Effect.gen(function* () {
      const server = yield* FaultServer.make({ reply: FaultServer.script(Reply.text("hi")), models: ["a", "b"] })
      const response = decode(yield* ask(server.url, { input: "x" }, "/responses"))
      assert.strictEqual(response.output[0].content[0].text, "hi")
      assert.strictEqual(response.usage.output_tokens_details.reasoning_tokens, 2)
      const models = JSON.parse(yield* Effect.promise(() => fetch(`${server.url}/models`).then((r) => r.text())))
      assert.deepStrictEqual(
        models.data.map((model: { id: string }) => model.id),
        ["a", "b"]
      )
    })
  )

  it.live("streams both APIs, with usage where it is asked for", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("hello big world"))
      const chat = yield* ask(server.url, { stream: true, stream_options: { include_usage: true } })
      const chunks = events(chat.text)
      assert.strictEqual(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), "hello big world")
      assert.strictEqual(chunks.at(-1).usage.completion_tokens, 5)
      assert.isTrue(chat.text.endsWith("data: [DONE]\n\n"))
      assert.isUndefined(events((yield* ask(server.url, { stream: true })).text).at(-1).usage)
      const responses = events((yield* ask(server.url, { stream: true }, "/responses")).text)
      assert.strictEqual(
        responses.flatMap((event) => (event.type === "response.output_text.delta" ? [event.delta] : [])).join(""),
        "hello big world"
      )
      assert.strictEqual(responses.at(-1).type, "response.completed")
    })
  )

  it.live("records bodies, headers, and how many requests ran at once", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.after(50, Reply.text("later")))
      yield* Effect.forEach([0, 1, 2, 3], (n) => ask(server.url, { n }), { concurrency: 4 })
      const requests = yield* server.requests
      assert.deepStrictEqual(requests.map((request) => request.body.n).sort(), [0, 1, 2, 3])
      assert.strictEqual(requests[0]?.headers["authorization"], "Bearer sk-planted")
      const counts = yield* server.until((counts) => counts.concurrent === 0)
      assert.strictEqual(counts.maxConcurrent, 4)
      assert.strictEqual(counts.aborted, 0)
    })
  )

  it.live("fails with the status, headers and body of each provider fault", () =>
    Effect.gen(function* () {
      const faults: ReadonlyArray<readonly [Reply.Reply, number, string]> = [
        [Fault.rateLimited({ retryAfter: "2" }), 429, "rate_limit_exceeded"],
        [Fault.quotaExhausted, 429, "insufficient_quota"],
        [Fault.serverError(), 500, "server_error"],
        [Fault.serverError(503), 503, "server_error"],
        [Fault.serverError(529), 529, "server_error"],
        [Fault.unauthorized, 401, "sk-planted"],
        [Fault.forbidden, 403, "not allowed"],
        [Fault.contextTooLong, 400, "context_length_exceeded"],
        [Fault.modelUnknown("m1"), 404, "`m1` does not exist"],
        [Fault.badRequest("no such field"), 400, "no such field"],
        [Fault.html, 200, "<!doctype html>"],
        [Fault.errorWithStatus200("overloaded", 503), 200, "overloaded"],
        [Fault.emptyChoices, 200, '"choices":[]'],
        [Fault.nullContent, 200, '"content":null'],
        [Fault.contentFiltered, 200, "content_filter"],
        [Fault.cutByLength("half a"), 200, '"finish_reason":"length"']
      ]
      const server = yield* FaultServer.make({ reply: (_, index) => faults[index]![0] })
      for (const [, status, part] of faults) {
        const answer = yield* ask(server.url)
        assert.strictEqual(answer.status, status)
        assert.include(answer.text, part)
        if (part === "rate_limit_exceeded") assert.strictEqual(answer.headers.get("retry-after"), "2")
      }
    })
  )

  it.live("resets before the headers and in the middle of the body", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.resetBeforeHeaders, Fault.resetMidBody(), Reply.text("ok"))
      const first = yield* Effect.exit(ask(server.url))
      assert.isTrue(Exit.isFailure(first))
      const second = yield* Effect.promise(() =>
        fetch(`${server.url}/chat/completions`, { method: "POST", body: "{}" }).then((response) =>
          response.text().then(
            () => "whole",
            () => `broken after ${response.status}`
          )
        )
      )
      assert.strictEqual(second, "broken after 200")
      assert.strictEqual(decode(yield* ask(server.url)).choices[0].message.content, "ok")
    })
  )

  it.live("ends half a JSON as if it were whole", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.truncated(Reply.text("never whole")))
      const answer = yield* ask(server.url)
      assert.strictEqual(answer.status, 200)
      assert.throws(() => decode(answer), SyntaxError)
    })
  )

  it.live("sends byte by byte", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.trickle(Reply.raw(200, "[1,2]"), 5))
      assert.deepStrictEqual(decode(yield* ask(server.url)), [1, 2])
    })
  )

  it.live("hangs or stalls until the client goes away, and counts it", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.hang, Fault.stall())
      for (const times of [1, 2]) {
        const fiber = yield* Effect.forkChild(ask(server.url))
        yield* server.until((counts) => counts.requests === times)
        yield* Fiber.interrupt(fiber)
        assert.strictEqual((yield* server.until((counts) => counts.aborted === times)).aborted, times)
      }
    })
  )

  it.live("pours replies of any size, and stops when the reader does", () =>
    Effect.gen(function* () {
      const server = yield* serve(Fault.huge(300_000), Fault.huge(100_000, true), Fault.huge(Number.POSITIVE_INFINITY))
      const whole = yield* ask(server.url)
      assert.isNull(whole.headers.get("content-length"))
      assert.isAtLeast(decode(whole).choices[0].message.content.length, 300_000)
      const announced = yield* ask(server.url, { stream: true })
      assert.strictEqual(Number(announced.headers.get("content-length")), announced.text.length)
      assert.isAtLeast(events(announced.text).length, 80)
      const endless = yield* Effect.exit(ask(server.url).pipe(Effect.timeout("100 millis")))
      assert.isTrue(Exit.isFailure(endless))
      assert.strictEqual((yield* server.until((counts) => counts.aborted === 1)).aborted, 1)
    })
  )

  it.live("closes its connections with the scope", () =>
    Effect.gen(function* () {
      const url = yield* Effect.scoped(
        Effect.gen(function* () {
          const server = yield* serve(Reply.text("hi"))
          yield* ask(server.url)
          return server.url
        })
      )
      assert.isTrue(Exit.isFailure(yield* Effect.exit(ask(url))))
    })
  )
})
