/**
 * Core on providers of `effect/ai`: ours, over real sockets, and a scripted one that knows nothing of Backprose.
 */
import {
  Backward,
  BackwardModel,
  CurrentSampling,
  Generate,
  GradientMap,
  Image,
  JournalKey,
  Loss,
  layerAll,
  Message,
  Parameter,
  Parameters,
  Request,
  Template,
  TextModel,
  Variable
} from "@backprose/core"
import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Effect, Layer, Redacted, Schema, Stream } from "effect"
import { LanguageModel, type Prompt, type Response } from "effect/ai"
import { OpenAi } from "./index.ts"

const apis = ["chat", "responses"] as const

const serve = (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]) =>
  FaultServer.make({ reply: FaultServer.script(...replies) })

const complete = (request: Partial<Request.Request> = {}) =>
  Effect.flatMap(TextModel, (model) =>
    model.complete(Request.make({ purpose: "forward", messages: [Message.user("hi")], ...request }))
  )

const schema = {
  type: "object",
  properties: { score: { type: "integer" }, note: { type: "string" } },
  required: ["score"],
  additionalProperties: false
}

for (const api of apis) {
  const model = (url: string) =>
    TextModel.layer(OpenAi.model("gpt-test", { baseUrl: url, api, apiKey: Redacted.make("sk-planted-key-1234") }))

  describe(`TextModel on OpenAi.model, ${api}`, () => {
    it.effect("completes a request: text, ending, and every number of the usage", () =>
      Effect.gen(function* () {
        const usage = { input: 120, cached: 64, output: 30, reasoning: 20 }
        const server = yield* serve(Reply.text("hello", { usage }), Fault.cutByLength("half a"), Fault.contentFiltered)
        const [whole, cut, filtered] = yield* Effect.forEach([1, 2, 3], () => complete()).pipe(
          Effect.provide(model(server.url))
        )
        assert.strictEqual(whole?.text, "hello")
        assert.strictEqual(whole?.finishReason, "stop")
        assert.deepStrictEqual(whole?.usage, { calls: 1, inputTokens: 120, cachedInputTokens: 64, outputTokens: 30 })
        assert.deepStrictEqual([cut?.finishReason, cut?.text], ["length", "half a"])
        assert.strictEqual(filtered?.finishReason, "content-filter")
      })
    )

    it.effect("passes on what a server says that the call cost, where it says so; a 0 is no word", () =>
      Effect.gen(function* () {
        const said = (cost: unknown) =>
          Reply.raw(200, {
            id: "1",
            model: "m",
            status: "completed",
            choices: [{ finish_reason: "stop", message: { role: "assistant", content: "ok" } }],
            output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "ok" }] }],
            usage: { prompt_tokens: 5, completion_tokens: 1, input_tokens: 5, output_tokens: 1, cost }
          })
        const server = yield* serve(said(0.000125), said(0), said("0.1"), said({ total: 1 }))
        const replies = yield* Effect.forEach([0, 1, 2, 3], () => complete()).pipe(Effect.provide(model(server.url)))
        const usage = { calls: 1, inputTokens: 5, cachedInputTokens: 0, outputTokens: 1 }
        assert.deepStrictEqual(
          replies.map((reply) => reply.usage),
          [{ ...usage, usd: 0.000125 }, usage, usage, usage]
        )
      })
    )

    it.effect("carries the sampling options of a request, a seed of its own for every sample", () =>
      Effect.gen(function* () {
        const server = yield* serve(Reply.text("ok"))
        const sampling = { temperature: 0.5, topP: 0.9, maxOutputTokens: 64, seed: 3 }
        yield* Effect.forEach([0, 1], (sample) => complete({ sampling, sample })).pipe(
          Effect.provide(model(server.url))
        )
        const bodies = (yield* server.requests).map((request) => request.body)
        assert.deepStrictEqual([bodies[0].temperature, bodies[0].top_p], [0.5, 0.9])
        assert.strictEqual(bodies[0][api === "chat" ? "max_tokens" : "max_output_tokens"], 64)
        if (api === "chat") assert.notStrictEqual(bodies[0].seed, bodies[1].seed)
      })
    )

    it.effect("asks for an object by its JSON schema", () =>
      Effect.gen(function* () {
        const server = yield* serve(Reply.json({ score: 7, note: null }))
        const reply = yield* complete({ output: { name: "verdict", jsonSchema: schema } }).pipe(
          Effect.provide(model(server.url))
        )
        assert.deepStrictEqual(JSON.parse(reply.text), { score: 7 })
        assert.strictEqual(reply.usage.outputTokens, 5)
        const body = (yield* server.requests)[0]?.body
        const format = api === "chat" ? body.response_format.json_schema : body.text.format
        assert.deepStrictEqual([format.name, format.strict], ["verdict", true])
        assert.deepStrictEqual(format.schema.required, ["score", "note"])
      })
    )

    it.effect("names each failure as core does", () =>
      Effect.gen(function* () {
        const cases: ReadonlyArray<readonly [Reply.Reply, string]> = [
          [Fault.rateLimited({ retryAfter: "2" }), "RateLimited"],
          [Fault.quotaExhausted, "QuotaExhausted"],
          [Fault.unauthorized, "Unauthorized"],
          [Fault.modelUnknown("gpt-test"), "ModelUnknown"],
          [Fault.contextTooLong, "ContextTooLong"],
          [Fault.badRequest("no such field"), "InvalidRequest"],
          [Fault.serverError(503), "ProviderUnavailable"],
          [Fault.resetBeforeHeaders, "ProviderUnavailable"],
          [Fault.resetMidBody(), "ProviderUnavailable"],
          [Fault.serverError(503, { "retry-after": "7" }), "ProviderUnavailable"],
          [Fault.html, "ReplyUnreadable"],
          [Fault.truncated(Reply.text("half a reply")), "ReplyUnreadable"],
          [Fault.emptyChoices, "EmptyReply"],
          [Fault.nullContent, "EmptyReply"]
        ]
        const server = yield* FaultServer.make({ reply: (_, index) => cases[index]![0] })
        for (const [, tag] of cases) {
          const error = yield* complete().pipe(Effect.provide(model(server.url)), Effect.flip)
          assert.strictEqual(error._tag, tag, "message" in error ? error.message : "")
          if (error._tag === "RateLimited") assert.strictEqual(error.retryAfterMs, 2000)
          if (error._tag === "ContextTooLong") assert.deepStrictEqual([error.limit, error.asked], [8192, 9001])
          if (error._tag === "EmptyReply") assert.strictEqual(error.usage?.inputTokens, 11)
          if (error.message.includes("503")) {
            assert.strictEqual(error._tag === "ProviderUnavailable" && (error.retryAfterMs ?? 7000), 7000)
          }
          assert.notInclude(JSON.stringify(error), "sk-planted")
        }
      })
    )

    it.effect("sends images from the graph", () =>
      Effect.gen(function* () {
        const server = yield* serve(Reply.text("a cat"))
        const image = Variable.constant(Image.fromBytes(new Uint8Array([1, 2, 3]), "image/png"), "picture")
        const answer = yield* Generate.text({ prompt: Template.make`What is this? ${image}`, role: "answer" }).pipe(
          Effect.provide(model(server.url))
        )
        assert.strictEqual(answer.value, "a cat")
        assert.include((yield* server.requests)[0]?.text, "data:image/png;base64,AQID")
      })
    )
  })
}

/** A provider as anyone may write one: it answers from a script, and keeps what it was asked. */
class Asked extends Context.Service<
  Asked,
  Array<{ readonly prompt: Prompt.Prompt; readonly sampling: typeof CurrentSampling.Service; readonly format: string }>
>()("test/Asked") {}

/** Says the text; where an object is asked for, says it in every field. */
const everywhere = (text: string) => (schema: Schema.Top) => {
  const { properties } = Schema.toJsonSchemaDocument(schema).schema
  return JSON.stringify(Object.fromEntries(Object.keys(properties as object).map((name) => [name, text])))
}

const scripted = (
  ...script: ReadonlyArray<string | ReturnType<typeof everywhere>>
): Layer.Layer<LanguageModel.LanguageModel, never, Asked> =>
  Layer.effect(
    LanguageModel.LanguageModel,
    Effect.gen(function* () {
      const asked = yield* Asked
      return yield* LanguageModel.make({
        generateText: Effect.fnUntraced(function* ({ prompt, responseFormat }) {
          const entry = script[asked.length] ?? "the script is used up"
          const text =
            typeof entry === "string" || responseFormat.type === "text" ? String(entry) : entry(responseFormat.schema)
          asked.push({ prompt, sampling: yield* CurrentSampling, format: responseFormat.type })
          const parts: Array<Response.PartEncoded> = [
            { type: "text", text },
            {
              type: "finish",
              reason: "stop",
              usage: { inputTokens: { total: 10, cacheRead: 4 }, outputTokens: { total: 2 } }
            }
          ]
          return parts
        }),
        streamText: () => Stream.empty
      })
    })
  )

const said = (prompt: Prompt.Prompt | undefined): string => JSON.stringify(prompt?.content)

describe("core on a scripted effect/ai provider", () => {
  it.effect("completes requests, with sampling and usage", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const reply = yield* complete({
        messages: [Message.system("be brief"), Message.user("hi"), Message.assistant("yes?"), Message.user("well")],
        sampling: { temperature: 0, seed: 5 },
        sample: 2
      }).pipe(Effect.provide(TextModel.layer(scripted("hello"))))
      assert.strictEqual(reply.text, "hello")
      assert.deepStrictEqual(reply.usage, { calls: 1, inputTokens: 10, cachedInputTokens: 4, outputTokens: 2 })
      assert.deepStrictEqual(
        asked[0]?.prompt.content.map((message) => message.role),
        ["system", "user", "assistant", "user"]
      )
      assert.deepStrictEqual(asked[0]?.sampling, { temperature: 0, seed: 5, sample: 2 })
    }).pipe(Effect.provide(Layer.sync(Asked, () => [])))
  )

  it.effect("generates objects, and has a reply repaired that is none", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const Verdict = Schema.Struct({ score: Schema.Int, note: Schema.optionalKey(Schema.String) })
      const value = yield* Generate.object({ schema: Verdict, prompt: "how good?", role: "verdict" }).pipe(
        Effect.provide(TextModel.layer(scripted("it is good", '{"score": 8}')))
      )
      assert.deepStrictEqual(value.value, { score: 8 })
      assert.deepStrictEqual(
        asked.map(({ format }) => format),
        ["json", "json"]
      )
      assert.include(said(asked[1]?.prompt), "it is good")
    }).pipe(Effect.provide(Layer.sync(Asked, () => [])))
  )

  it.effect("runs forward, loss and backward: the parameter is criticised", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const parameters = Parameters.make({
        instructions: Parameter.text("Answer the question.", { role: "system prompt of the solver" })
      })
      const program = Effect.gen(function* () {
        const answer = yield* Generate.text({
          system: parameters.instructions,
          prompt: Template.make`Question: ${Variable.constant("2 + 2?", "question")}`,
          role: "answer"
        })
        const loss = yield* Loss.text("Is the answer right?")(answer)
        return yield* Backward.run(loss)
      })
      const gradients = yield* program.pipe(
        Effect.provide(layerAll(scripted("5", "wrong: it is 4", everywhere("say: work step by step"))))
      )
      const criticism = GradientMap.criticism(gradients, parameters.instructions)
      assert.lengthOf(criticism, 1)
      assert.include(criticism[0]?.text, "say: work step by step")
      assert.lengthOf(asked, 3)
      assert.include(said(asked[0]?.prompt), "Answer the question.")
      assert.include(said(asked[1]?.prompt), "Is the answer right?")
      assert.include(said(asked[2]?.prompt), "it is 4")
    }).pipe(Effect.provide(Layer.sync(Asked, () => [])))
  )

  it.effect("plays one role while OpenAi.model plays another", () =>
    Effect.gen(function* () {
      const server = yield* serve(Reply.text("from the forward model"))
      const [forward, critic] = yield* Effect.all([
        complete(),
        Effect.flatMap(BackwardModel, (model) =>
          model.complete(Request.make({ purpose: "backward", messages: [Message.user("hi")] }))
        )
      ]).pipe(
        Effect.provide([
          TextModel.layer(OpenAi.model("gpt-test", { baseUrl: server.url })),
          BackwardModel.layer(scripted("from the critic"))
        ])
      )
      assert.deepStrictEqual([forward.text, critic.text], ["from the forward model", "from the critic"])
    }).pipe(Effect.provide(Layer.sync(Asked, () => [])))
  )
})

describe("the identity of a model of OpenAI's or anybody's API", () => {
  const identityOf = (name: string, options: OpenAi.Options) =>
    Effect.map(TextModel, ({ identity }) => identity).pipe(Effect.provide(TextModel.layer(OpenAi.model(name, options))))
  const apiKey = Redacted.make("sk-planted-key-1234")

  it.effect("is its name and where it is asked, without the query", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* identityOf("a", { baseUrl: "http://127.0.0.1:1/v1/?key=secret" }), {
        provider: "openai",
        model: "a",
        endpoint: "http://127.0.0.1:1/v1"
      })
      assert.strictEqual((yield* identityOf("a", { apiKey }))?.endpoint, "https://api.openai.com/v1")
    }).pipe(Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({})))
  )

  it.effect("differs by name, server, API and settings", () =>
    Effect.gen(function* () {
      const baseUrl = "http://127.0.0.1:1/v1"
      const identities = yield* Effect.all([
        identityOf("a", { baseUrl }),
        identityOf("b", { baseUrl }),
        identityOf("a", { baseUrl: "http://127.0.0.1:2/v1" }),
        identityOf("a", { baseUrl, api: "responses" }),
        identityOf("a", { baseUrl, config: { temperature: 0 } }),
        identityOf("a", { baseUrl, config: { temperature: 1 } })
      ])
      const request = Request.make({ purpose: "forward", messages: [Message.user("hi")] })
      assert.strictEqual(new Set(identities.map((identity) => JournalKey.of(request, identity))).size, 6)
    })
  )
})
