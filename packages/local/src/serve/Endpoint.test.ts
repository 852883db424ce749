import { request as httpRequest } from "node:http"
import { Completion, type Request, TextModel, TextModelError } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Layer } from "effect"
import OpenAI, { APIError } from "openai"
import * as Endpoint from "./Endpoint.ts"

type Reply = (request: Request.Request) => Effect.Effect<Completion.Completion, TextModelError.TextModelError>

const usage = { calls: 1, inputTokens: 30, cachedInputTokens: 20, outputTokens: 5 }

/** A served model that answers as it is told, and everything it was asked. */
const served = (reply: Reply = () => Effect.succeed(Completion.make("hello", { usage, model: "tiny" }))) =>
  Effect.gen(function* () {
    const asked: Array<Request.Request> = []
    const complete: Reply = (request) => Effect.suspend(() => (asked.push(request), reply(request)))
    const { url } = yield* Endpoint.serve({ model: "tiny" }).pipe(
      Effect.provide(Layer.succeed(TextModel, { complete }))
    )
    const client = new OpenAI({ baseURL: url, apiKey: "none", maxRetries: 0 })
    return { asked, client, url }
  })

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  Effect.promise(async () => {
    const response = await fetch(`${url}/chat/completions`, {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body)
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  })

// fetch sets these headers itself, so this goes below it
const rawStatus = (url: string, headers: Record<string, string>) =>
  Effect.callback<number>((resume) => {
    httpRequest(`${url}/models`, { headers }, (response) => {
      response.resume()
      resume(Effect.succeed(response.statusCode ?? 0))
    }).end()
  })

const hi = { model: "tiny", messages: [{ role: "user" as const, content: "hi" }] }

describe("the official client", () => {
  it.live("lists the model", () =>
    Effect.gen(function* () {
      const { client } = yield* served()
      const models = yield* Effect.promise(() => client.models.list())
      assert.deepStrictEqual(
        models.data.map(({ id }) => id),
        ["tiny"]
      )
    })
  )

  it.live("gets text, the reason it ended, and exact usage", () =>
    Effect.gen(function* () {
      const { client, asked } = yield* served()
      const answer = yield* Effect.promise(() =>
        client.chat.completions.create({
          model: "tiny",
          messages: [
            { role: "developer", content: "Be short." },
            {
              role: "user",
              content: [
                { type: "text", text: "h" },
                { type: "text", text: "i" }
              ]
            },
            { role: "assistant", content: "yes?" },
            { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] }
          ],
          temperature: 0.5,
          top_p: 0.9,
          seed: 7,
          max_completion_tokens: 11,
          stop: "###"
        })
      )
      assert.deepInclude(answer.choices[0]!, { finish_reason: "stop", index: 0 })
      assert.strictEqual(answer.choices[0]!.message.content, "hello")
      assert.deepStrictEqual(answer.usage as unknown, {
        prompt_tokens: 30,
        completion_tokens: 5,
        total_tokens: 35,
        prompt_tokens_details: { cached_tokens: 20 }
      })
      assert.deepStrictEqual(asked, [
        {
          messages: [
            { role: "system", content: "Be short." },
            {
              role: "user",
              content: [
                { type: "text", text: "h" },
                { type: "text", text: "i" }
              ]
            },
            { role: "assistant", content: "yes?" },
            {
              role: "user",
              content: [{ type: "image", mediaType: "image/png", url: "data:image/png;base64,AAAA" }]
            }
          ],
          purpose: "forward",
          sampling: { temperature: 0.5, topP: 0.9, seed: 7, maxOutputTokens: 11, stop: ["###"] },
          sample: 0
        }
      ])
    })
  )

  it.live("streams, with usage when it is wanted", () =>
    Effect.gen(function* () {
      const { client } = yield* served()
      const read = (include_usage: boolean) =>
        Effect.promise(async () => {
          const stream = await client.chat.completions.create({
            ...hi,
            stream: true,
            stream_options: { include_usage }
          })
          const chunks: Array<OpenAI.ChatCompletionChunk> = []
          for await (const chunk of stream) chunks.push(chunk)
          return {
            text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""),
            finish: chunks.flatMap((chunk) => chunk.choices[0]?.finish_reason ?? []),
            tokens: chunks.flatMap((chunk) => chunk.usage?.total_tokens ?? [])
          }
        })
      assert.deepStrictEqual(yield* read(true), { text: "hello", finish: ["stop"], tokens: [35] })
      assert.deepStrictEqual(yield* read(false), { text: "hello", finish: ["stop"], tokens: [] })
    })
  )

  it.live("asks for JSON by schema, or for any object", () =>
    Effect.gen(function* () {
      const { client, asked } = yield* served(() => Effect.succeed(Completion.make('{"label": "BIL"}')))
      const schema = { type: "object", properties: { label: { type: "string" } } }
      const answer = yield* Effect.promise(() =>
        client.chat.completions.create({
          ...hi,
          response_format: { type: "json_schema", json_schema: { name: "label", schema, strict: true } }
        })
      )
      assert.deepStrictEqual(JSON.parse(answer.choices[0]!.message.content!), { label: "BIL" })
      yield* Effect.promise(() => client.chat.completions.create({ ...hi, response_format: { type: "json_object" } }))
      yield* Effect.promise(() => client.chat.completions.create({ ...hi, response_format: { type: "text" } }))
      assert.deepStrictEqual(
        asked.map(({ output }) => output),
        [{ name: "label", jsonSchema: schema }, { name: "object", jsonSchema: { type: "object" } }, undefined]
      )
    })
  )

  it.live("gets several choices, each a sample of its own, and pays for all", () =>
    Effect.gen(function* () {
      const { client } = yield* served(({ sample }) => Effect.succeed(Completion.make(`reply ${sample}`, { usage })))
      const answer = yield* Effect.promise(() => client.chat.completions.create({ ...hi, n: 3 }))
      assert.deepStrictEqual(
        answer.choices.map((choice) => [choice.index, choice.message.content]),
        [
          [0, "reply 0"],
          [1, "reply 1"],
          [2, "reply 2"]
        ]
      )
      assert.strictEqual(answer.usage?.completion_tokens, 15)
    })
  )

  it.live("is told of a reply that was cut", () =>
    Effect.gen(function* () {
      const { client } = yield* served(() => Effect.succeed(Completion.make("hel", { finishReason: "length" })))
      const answer = yield* Effect.promise(() => client.chat.completions.create(hi))
      assert.strictEqual(answer.choices[0]!.finish_reason, "length")
    })
  )

  it.live("gets a status that says whose fault it was", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [TextModelError.TextModelError, number, string | null]> = [
        [new TextModelError.ContextTooLong({ message: "too long" }), 400, "context_length_exceeded"],
        [new TextModelError.InvalidRequest({ message: "no images" }), 400, null],
        [new TextModelError.RateLimited({ message: "slow down", retryAfterMs: 1500 }), 429, null],
        [
          new TextModelError.BudgetExceeded({ message: "spent", of: "calls", limit: 1, spent: 1 }),
          429,
          "insufficient_quota"
        ],
        [new TextModelError.ProviderUnavailable({ message: "down" }), 503, null],
        [new TextModelError.TimedOut({ message: "late", afterMs: 1 }), 504, null],
        [new TextModelError.EmptyReply({ message: "nothing" }), 502, null]
      ]
      for (const [failure, status, code] of cases) {
        const { client } = yield* served(() => Effect.fail(failure))
        for (const stream of [false, true]) {
          const error = yield* Effect.flip(
            Effect.tryPromise({
              try: () => client.chat.completions.create({ ...hi, stream }),
              catch: (cause) => cause as APIError
            })
          )
          assert.instanceOf(error, APIError)
          assert.strictEqual(error.status, status, failure._tag)
          assert.strictEqual(error.code, code)
          assert.include(error.message, failure.message)
        }
      }
    })
  )
})

describe("the endpoint", () => {
  it.live("refuses malformed bodies, naming what is wrong, without asking the model", () =>
    Effect.gen(function* () {
      const { url, asked } = yield* served()
      const cases: ReadonlyArray<readonly [unknown, RegExp]> = [
        ["{", /JSON/],
        ["[]", /object/],
        [{}, /\["messages"\]/],
        [{ messages: [] }, /\["messages"\]\[0\]/],
        [{ messages: [{ role: "tool", content: "x" }] }, /\["role"\]/],
        [{ messages: [{ role: "user" }] }, /\["content"\]/],
        [{ ...hi, temperature: 3 }, /between 0 and 2[^]*\["temperature"\]/],
        [{ ...hi, max_tokens: 0 }, /\["max_tokens"\]/],
        [{ ...hi, seed: 1.5 }, /\["seed"\]/],
        [{ ...hi, n: 1000 }, /\["n"\]/],
        [{ ...hi, response_format: { type: "xml" } }, /\["response_format"\]/],
        [{ ...hi, tools: [{ type: "function" }] }, /tools are not supported/]
      ]
      for (const [body, message] of cases) {
        const answer = yield* post(url, body)
        assert.strictEqual(answer.status, 400, JSON.stringify(body))
        assert.strictEqual(answer.body.error.type, "invalid_request_error")
        assert.match(answer.body.error.message, message)
      }
      assert.deepStrictEqual(asked, [])
    })
  )

  it.live("lets through what clients send besides, nulls included", () =>
    Effect.gen(function* () {
      const { url, asked } = yield* served()
      const nulls = {
        stream: null,
        stop: null,
        seed: null,
        temperature: null,
        response_format: null,
        tools: [],
        user: "me"
      }
      assert.strictEqual((yield* post(url, { ...hi, ...nulls })).status, 200)
      assert.deepStrictEqual(asked[0]!.sampling, {})
    })
  )

  it.live("says when to come back", () =>
    Effect.gen(function* () {
      const { url } = yield* served(() =>
        Effect.fail(new TextModelError.RateLimited({ message: "slow down", retryAfterMs: 1500 }))
      )
      assert.strictEqual((yield* post(url, hi)).headers.get("retry-after"), "2")
    })
  )

  it.live("knows its two paths and their methods", () =>
    Effect.gen(function* () {
      const { url } = yield* served()
      const status = (path: string, method: string) =>
        Effect.promise(() => fetch(`${url}${path}`, { method }).then((response) => response.status))
      assert.strictEqual(yield* status("/embeddings", "POST"), 404)
      assert.strictEqual(yield* status("/chat/completions", "GET"), 405)
      assert.strictEqual(yield* status("/models", "DELETE"), 405)
      assert.strictEqual(yield* status("/models?limit=3", "GET"), 200)
    })
  )

  it.live("answers a bug of the model with an error, and goes on", () =>
    Effect.gen(function* () {
      let first = true
      const { url } = yield* served(() =>
        first ? ((first = false), Effect.die(new Error("a bug"))) : Effect.succeed(Completion.make("fine"))
      )
      const answer = yield* post(url, hi)
      assert.strictEqual(answer.status, 500)
      assert.include(answer.body.error.message, "a bug")
      assert.strictEqual((yield* post(url, hi)).status, 200)
    })
  )

  it.live("refuses pages of other origins and foreign names of this machine", () =>
    Effect.gen(function* () {
      const { url } = yield* served()
      assert.strictEqual(yield* rawStatus(url, { host: "evil.example" }), 403)
      assert.strictEqual(yield* rawStatus(url, { host: "127.0.0.1.evil.example:80" }), 403)
      assert.strictEqual(yield* rawStatus(url, { origin: "https://evil.example" }), 403)
      assert.strictEqual(yield* rawStatus(url, { origin: "null" }), 403)
      assert.strictEqual(yield* rawStatus(url, { host: "localhost:1234" }), 200)
      assert.strictEqual(yield* rawStatus(url, { origin: "http://localhost:5173" }), 200)
    })
  )

  it.live("stops a completion whose client hung up", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const stopped = yield* Deferred.make<void>()
      const { client } = yield* served(() =>
        Deferred.succeed(started, undefined).pipe(
          Effect.andThen(Effect.never),
          Effect.onInterrupt(() => Deferred.succeed(stopped, undefined))
        )
      )
      const controller = new AbortController()
      const call = client.chat.completions.create(hi, { signal: controller.signal }).catch(() => "aborted")
      yield* Deferred.await(started)
      controller.abort()
      yield* Deferred.await(stopped)
      assert.strictEqual(yield* Effect.promise(() => call), "aborted")
    })
  )

  it.live("closes with its scope, stopping what is under way", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const stopped = yield* Deferred.make<void>()
      const call = yield* Effect.scoped(
        Effect.gen(function* () {
          const { client } = yield* served(() =>
            Deferred.succeed(started, undefined).pipe(
              Effect.andThen(Effect.never),
              Effect.onInterrupt(() => Deferred.succeed(stopped, undefined))
            )
          )
          const call = client.chat.completions.create(hi).then(
            () => "answered",
            () => "closed"
          )
          yield* Deferred.await(started)
          return call
        })
      )
      yield* Deferred.await(stopped)
      assert.strictEqual(yield* Effect.promise(() => call), "closed")
    })
  )

  it.live("says so when its port is taken", () =>
    Effect.gen(function* () {
      const { url } = yield* served()
      const error = yield* Endpoint.serve({ port: Number(new URL(url).port) }).pipe(
        Effect.provide(Layer.succeed(TextModel, { complete: () => Effect.never })),
        Effect.flip
      )
      assert.strictEqual(error._tag, "EndpointUnavailable")
      assert.match(error.message, /EADDRINUSE/)
    })
  )
})
