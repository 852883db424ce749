import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema, Stream } from "effect"
import { AiError, LanguageModel, Tool, Toolkit } from "effect/ai"
import { OpenAi } from "../index.ts"

const Add = Tool.make("Add", { parameters: Schema.Struct({ a: Schema.Finite }), success: Schema.Finite })
const tools = Toolkit.make(Add)
const handlers = tools.toLayer({ Add: ({ a }) => Effect.succeed(a) })

const strange: ReadonlyArray<unknown> = [null, -1.5, "x", [], {}, { type: "x", text: 5 }]

/** Every value that differs from `value` in one place, where something strange stands, or nothing. */
const variants = (value: unknown): ReadonlyArray<unknown> => {
  const inside =
    typeof value !== "object" || value === null
      ? []
      : Object.entries(value).flatMap(([key, child]) => {
          const put = (replacement: unknown) => {
            const copy: any = Array.isArray(value) ? [...value] : { ...value }
            copy[key] = replacement
            return copy
          }
          return [...variants(child).map(put), put(undefined)]
        })
  return [...strange, ...inside]
}

const chat = {
  id: "c",
  model: "m",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: {
        content: "hi",
        refusal: null,
        tool_calls: [{ id: "t", type: "function", function: { name: "Add", arguments: '{"a":1}' } }]
      }
    }
  ],
  usage: { prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } }
}

const responses = {
  id: "r",
  object: "response",
  model: "m",
  status: "completed",
  output: [
    { id: "rs", type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
    { id: "m", type: "message", role: "assistant", content: [{ type: "output_text", text: "hi" }] },
    { id: "f", type: "function_call", call_id: "t", name: "Add", arguments: '{"a":1}' }
  ],
  usage: { input_tokens: 1, output_tokens: 2, input_tokens_details: { cached_tokens: 1 } }
}

const delta = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }]
})
const call = (fields: object) => delta({ tool_calls: [{ index: 0, ...fields }] })

const events = {
  chat: [
    delta({ role: "assistant", content: "hi" }),
    call({ id: "t", function: { name: "Add", arguments: "" } }),
    call({ function: { arguments: '{"a":1}' } }),
    delta({}, "stop"),
    { choices: [], usage: chat.usage }
  ],
  responses: [
    { type: "response.created", response: { ...responses, output: [] } },
    { type: "response.output_text.delta", item_id: "m", delta: "hi" },
    { type: "response.output_item.done", item: responses.output[1] },
    { type: "response.output_item.added", item: responses.output[2] },
    { type: "response.function_call_arguments.delta", item_id: "f", delta: '{"a":1}' },
    { type: "response.output_item.done", item: responses.output[2] },
    { type: "response.completed", response: responses }
  ]
}

const sse = (all: unknown): Reply.Reply =>
  Reply.raw(
    200,
    (Array.isArray(all) ? all : [all]).map((event) => `data: ${JSON.stringify(event ?? null)}\n\n`).join(""),
    { "content-type": "text/event-stream" }
  )

/** Asks once for every reply. Resolves to how often each outcome came; a defect fails the test. */
const outcomes = Effect.fnUntraced(function* (
  api: "chat" | "responses",
  replies: ReadonlyArray<Reply.Reply>,
  ask: Effect.Effect<unknown, unknown, LanguageModel.LanguageModel | Tool.HandlersFor<typeof tools.tools>>
) {
  const server = yield* FaultServer.make({ reply: (_, index) => replies[index]! })
  const results = yield* Effect.forEach(replies, () => Effect.result(ask)).pipe(
    Effect.provide([OpenAi.model("m", { baseUrl: server.url, api }), handlers])
  )
  for (const [index, result] of results.entries()) {
    if (Result.isFailure(result)) {
      assert.isTrue(AiError.isAiError(result.failure), `${index}: ${JSON.stringify(replies[index]?.content)}`)
    }
  }
  return results.filter(Result.isSuccess).length
})

const whole = LanguageModel.generateText({ prompt: "hi", toolkit: tools })
const streamed = LanguageModel.streamText({ prompt: "hi", toolkit: tools }).pipe(Stream.runCollect)

describe("replies with something strange in one place", () => {
  for (const [api, reply] of Object.entries({ chat, responses }) as ReadonlyArray<["chat" | "responses", object]>) {
    it.live(`of the ${api} API are read, or fail with an AiError`, () =>
      Effect.gen(function* () {
        const replies = variants(reply).map((variant) => Reply.raw(200, JSON.stringify(variant) ?? ""))
        const read = yield* outcomes(api, replies, whole)
        assert.isAbove(replies.length, 100)
        assert.isAbove(read, replies.length / 10)
        assert.isBelow(read, replies.length)
      })
    )

    it.live(`streamed by the ${api} API are read, or fail with an AiError`, () =>
      Effect.gen(function* () {
        const replies = variants(events[api]).map(sse)
        const read = yield* outcomes(api, replies, streamed)
        assert.isAbove(replies.length, 100)
        assert.isAbove(read, replies.length / 10)
        assert.isBelow(read, replies.length)
      })
    )

    it.live(`of the ${api} API that are no text at all fail with an AiError`, () =>
      Effect.gen(function* () {
        const bodies = ["\uFEFF{}", "[".repeat(50_000), '{"a":'.repeat(10_000), "\u0000", '{"choices":[', "NaN", "true"]
        const replies = [...bodies.map((body) => Reply.raw(200, body)), Fault.truncated(Reply.raw(200, "é".repeat(99)))]
        assert.strictEqual(yield* outcomes(api, replies, whole), 0)
      })
    )
  }
})
