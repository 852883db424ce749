import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Ref } from "effect"
import { AiError, LanguageModel, type Prompt, type Response, Telemetry } from "effect/ai"
import { TestClock } from "effect/testing"
import { Image, Message, Request, TextModel, type TextModelError } from "../index.ts"

const output = {
  name: "criticism",
  jsonSchema: {
    type: "object",
    properties: { input1: { type: "string" } },
    required: ["input1"],
    additionalProperties: false
  }
}

/** A provider that answers with JSON and keeps the schema of each request. */
const provider = (seen: Array<unknown>) =>
  Layer.effect(
    LanguageModel.LanguageModel,
    LanguageModel.make({
      generateText: ({ responseFormat }) => {
        if (responseFormat.type === "json") seen.push(responseFormat.schema)
        return Effect.succeed([{ type: "text", text: `{"input1":"shorter"}` }])
      },
      streamText: () => {
        throw new Error("nothing is streamed")
      }
    })
  )

const ask = (shape: typeof output) =>
  Effect.flatMap(TextModel, (model) =>
    model.complete(Request.make({ purpose: "backward", messages: [{ role: "user", content: "How?" }], output: shape }))
  )

describe("an effect/ai provider as a TextModel", () => {
  it.effect("is given the same schema for the same shape in every call, so that it can keep what it derives", () => {
    const seen: Array<unknown> = []
    return Effect.gen(function* () {
      const first = yield* ask(output)
      yield* ask(output)
      assert.strictEqual(first.text, `{"input1":"shorter"}`)
      assert.strictEqual(seen.length, 2)
      assert.strictEqual(seen[0], seen[1])
    }).pipe(Effect.provide(TextModel.layer(provider(seen))))
  })

  it.effect("is given another schema for another shape of the same name", () => {
    const seen: Array<unknown> = []
    const other = { ...output, jsonSchema: { ...output.jsonSchema, description: "another" } }
    return Effect.gen(function* () {
      yield* ask(output)
      yield* ask(other)
      assert.strictEqual(seen.length, 2)
      assert.notStrictEqual(seen[0], seen[1])
    }).pipe(Effect.provide(TextModel.layer(provider(seen))))
  })
})

type Answer = Effect.Effect<Array<Response.PartEncoded>, AiError.AiError>

/** A provider that answers each call with the next of these, and what it was sent. */
const answering = (...answers: ReadonlyArray<Answer>) => {
  const prompts: Array<Prompt.Prompt> = []
  const layer = Layer.effect(
    LanguageModel.LanguageModel,
    LanguageModel.make({
      generateText: ({ prompt }) => answers[prompts.push(prompt) - 1] ?? Effect.die("asked too often"),
      streamText: () => {
        throw new Error("nothing is streamed")
      }
    })
  )
  return { prompts, layer: TextModel.layer(layer) }
}

const text = (value: string): Response.PartEncoded => ({ type: "text", text: value })
const finish = (reason: Response.FinishReason, output: number | undefined = 3): Response.PartEncoded => ({
  type: "finish",
  reason,
  usage: { inputTokens: { total: 20, cacheRead: 5 }, outputTokens: { total: output } }
})
const used = { calls: 1, inputTokens: 20, cachedInputTokens: 5, outputTokens: 3 }

const complete = (fields: Partial<Request.Request> = {}) =>
  Effect.flatMap(TextModel, (model) =>
    model.complete(Request.make({ purpose: "forward", messages: [Message.user("hi")], ...fields }))
  )

describe("a reply of an effect/ai provider", () => {
  it.effect("comes with its ending, its usage and the model that gave it", () => {
    const { layer } = answering(
      Effect.succeed([{ type: "response-metadata", modelId: "model-2026" }, text("hel"), text("lo"), finish("stop")])
    )
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* complete(), {
        text: "hello",
        finishReason: "stop",
        usage: used,
        model: "model-2026"
      })
    }).pipe(Effect.provide(layer))
  })

  it.effect("that says nothing of itself has an unknown ending, one call, and no model", () => {
    const { layer } = answering(Effect.succeed([text("hello")]))
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* complete(), {
        text: "hello",
        finishReason: "unknown",
        usage: { calls: 1, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }
      })
    }).pipe(Effect.provide(layer))
  })

  it.effect("keeps the endings that we know, and calls the others unknown", () => {
    const reasons = ["stop", "length", "content-filter", "tool-calls", "error", "pause", "other", "unknown"] as const
    const { layer } = answering(...reasons.map((reason) => Effect.succeed([text("x"), finish(reason)])))
    return Effect.gen(function* () {
      const endings = yield* Effect.forEach(reasons, () => Effect.map(complete(), ({ finishReason }) => finishReason))
      assert.deepStrictEqual(endings, [...reasons.slice(0, 4), "unknown", "unknown", "unknown", "unknown"])
    }).pipe(Effect.provide(layer))
  })
})

describe("a structured reply of an effect/ai provider", () => {
  const metadata: Response.PartEncoded = { type: "response-metadata", modelId: "model-2026" }
  const structured = (reply: string, reason: Response.FinishReason) => {
    const { layer } = answering(Effect.succeed([metadata, text(reply), finish(reason)]))
    return Effect.provide(complete({ output }), layer)
  }

  it.effect("that fits is its JSON, with ending, usage and model", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* structured(` { "input1" : "shorter" } `, "stop"), {
        text: `{"input1":"shorter"}`,
        finishReason: "stop",
        usage: used,
        model: "model-2026"
      })
    })
  )

  it.effect("that is no JSON, or of another shape, is still a reply: as it came, with ending, usage and model", () =>
    Effect.gen(function* () {
      for (const reply of [
        "I would rather not.",
        `{"input1":7}`,
        '```json\n{"input1":"shorter"}\n```',
        `{"input2":"x"}`
      ]) {
        assert.deepStrictEqual(yield* structured(reply, "stop"), {
          text: reply,
          finishReason: "stop",
          usage: used,
          model: "model-2026"
        })
      }
    })
  )

  it.effect("that was cut or filtered says so: half a JSON is never taken for a whole one", () =>
    Effect.gen(function* () {
      for (const reason of ["length", "content-filter"] as const) {
        const reply = yield* structured(`{"input1":"shor`, reason)
        assert.deepStrictEqual([reply.text, reply.finishReason, reply.usage], [`{"input1":"shor`, reason, used])
      }
      // also where what came happens to be whole
      assert.strictEqual((yield* structured(`{"input1":"shorter"}`, "length")).finishReason, "length")
    })
  )

  it.effect("that is empty is an empty reply", () =>
    Effect.gen(function* () {
      const { layer } = answering(Effect.succeed([metadata, finish("stop")]))
      const reply = yield* Effect.provide(complete({ output }), layer)
      assert.deepStrictEqual([reply.text, reply.finishReason, reply.usage], ["", "stop", used])
    })
  )

  it.effect("keeps its details apart from those of another call at the same time", () =>
    Effect.gen(function* () {
      const replies = ["no", `{"input1":"a"}`, "nor this", `{"input1":"b"}`]
      const { layer } = answering(
        ...replies.map((reply, i) => Effect.delay(Effect.succeed([text(reply), finish("stop", i)]), 10 * (4 - i)))
      )
      const fiber = yield* Effect.forEach(replies, () => complete({ output }), { concurrency: "unbounded" }).pipe(
        Effect.provide(layer),
        Effect.forkChild
      )
      yield* TestClock.adjust("1 second")
      const completions = yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        completions.map((completion) => [completion.text, completion.usage.outputTokens]),
        replies.map((reply, i) => [reply, i])
      )
    })
  )

  it.effect("is shown to a span transformer of the program all the same", () =>
    Effect.gen(function* () {
      const seen = yield* Ref.make<ReadonlyArray<string>>([])
      const { layer } = answering(
        Effect.succeed([text("no JSON"), finish("stop")]),
        Effect.succeed([text(`{"input1":"x"}`), finish("stop")])
      )
      yield* Effect.all([complete({ output }), complete({ output })]).pipe(
        Effect.provide(layer),
        Effect.provideService(Telemetry.CurrentSpanTransformer, ({ response }) => {
          const said = response.flatMap((part) => (part.type === "text" ? [part.text] : []))
          Effect.runSync(Ref.update(seen, (all) => [...all, ...said]))
        })
      )
      assert.deepStrictEqual(yield* Ref.get(seen), ["no JSON", `{"input1":"x"}`])
    })
  )
})

describe("an image for an effect/ai provider", () => {
  const showing = (url: string) => [
    Message.user([
      { type: "text", text: "What is this?" },
      { type: "image", mediaType: "image/png", url }
    ])
  ]

  it.effect("is sent by its URL, or as its bytes", () =>
    Effect.gen(function* () {
      const { layer, prompts } = answering(Effect.succeed([text("a cat")]), Effect.succeed([text("a cat")]))
      const { part } = Image.fromBytes(new Uint8Array([1, 2, 3]), "image/png")
      yield* Effect.provide(complete({ messages: showing("https://example.org/cat.png") }), layer)
      yield* Effect.provide(complete({ messages: [Message.user([part])] }), layer)
      const files = prompts.flatMap(({ content }) =>
        content.flatMap((message) =>
          message.role === "user" ? message.content.filter((one) => one.type === "file") : []
        )
      )
      assert.deepStrictEqual(
        files.map(({ data, mediaType }) => [mediaType, String(data)]),
        [
          ["image/png", "https://example.org/cat.png"],
          ["image/png", "data:image/png;base64,AQID"]
        ]
      )
    })
  )

  it.effect("without a whole URL is refused before anyone is asked, naming what it was given", () =>
    Effect.gen(function* () {
      for (const url of ["cat.png", "/images/cat.png", ""]) {
        const { layer, prompts } = answering()
        const error = yield* Effect.flip(Effect.provide(complete({ messages: showing(url) }), layer))
        assert.deepInclude(error, {
          _tag: "InvalidRequest",
          message: `an image needs a whole URL, but this is "${url}"`
        })
        assert.lengthOf(prompts, 0)
      }
    })
  )
})

describe("a failure of an effect/ai provider", () => {
  const cases: ReadonlyArray<readonly [AiError.AiErrorReason, Partial<TextModelError.TextModelError>]> = [
    [new AiError.RateLimitError({}), { _tag: "RateLimited" }],
    [new AiError.RateLimitError({ retryAfter: Duration.seconds(2) }), { _tag: "RateLimited", retryAfterMs: 2000 }],
    [new AiError.QuotaExhaustedError({}), { _tag: "QuotaExhausted" }],
    [new AiError.AuthenticationError({ kind: "InvalidKey" }), { _tag: "Unauthorized" }],
    [new AiError.AuthenticationError({ kind: "InsufficientPermissions" }), { _tag: "Unauthorized" }],
    [new AiError.ContentPolicyError({ description: "withheld" }), { _tag: "ContentFiltered" }],
    [new AiError.InvalidOutputError({ description: "empty reply: no choices" }), { _tag: "EmptyReply" }],
    [new AiError.InvalidOutputError({ description: "no such part" }), { _tag: "ReplyUnreadable" }],
    [
      new AiError.InvalidResponseError({ description: "the reply is larger than 1000 bytes" }),
      { _tag: "ReplyTooLarge" }
    ],
    [new AiError.InvalidResponseError({ description: "a body that broke off" }), { _tag: "ProviderUnavailable" }],
    [new AiError.InternalProviderError({ description: "503" }), { _tag: "ProviderUnavailable" }],
    [
      new AiError.NetworkError({ reason: "TransportError", method: "POST", url: "http://127.0.0.1" }),
      { _tag: "ProviderUnavailable" }
    ],
    [
      new AiError.InvalidRequestError({ description: "This model's maximum context length is 8192 tokens" }),
      { _tag: "ContextTooLong" }
    ],
    [new AiError.InvalidRequestError({ description: "prompt is too long" }), { _tag: "ContextTooLong" }],
    [
      new AiError.InvalidRequestError({ description: "The model `gpt-9` does not exist or you have no access" }),
      { _tag: "ModelUnknown" }
    ],
    [new AiError.InvalidRequestError({ description: "temperature must be below 2" }), { _tag: "InvalidRequest" }]
  ]

  for (const [reason, expected] of cases) {
    it.effect(`${reason._tag} ("${reason.message.slice(0, 60)}") is ${expected._tag}`, () => {
      const failure = AiError.make({ module: "Test", method: "generateText", reason })
      const { layer } = answering(Effect.fail(failure), Effect.fail(failure))
      return Effect.gen(function* () {
        const plain = yield* Effect.flip(complete())
        assert.deepInclude(plain, expected)
        assert.notInclude(plain.message, "\n")
        const structured = yield* Effect.flip(complete({ output }))
        assert.deepInclude(structured, expected)
      }).pipe(Effect.provide(layer))
    })
  }
})
