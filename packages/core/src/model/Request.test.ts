import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as Message from "./Message.ts"
import * as Request from "./Request.ts"

const requests = Arbitrary.schema(Request.Request)
const json = Schema.toCodecJson(Request.Request)

/** The same value with the keys of every object in the opposite order. */
const reordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reordered)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, inner]) => [key, reordered(inner)])
        )
      : value

/** Every request that differs from this one in one field. */
const changes: ReadonlyArray<readonly [string, (request: Request.Request) => Request.Request]> = [
  ["sample", (request) => ({ ...request, sample: request.sample + 1 })],
  ["purpose", (request) => ({ ...request, purpose: request.purpose === "judge" ? "forward" : "judge" })],
  ["one more message", (request) => ({ ...request, messages: [...request.messages, Message.user("")] })],
  [
    "who speaks",
    (request) => ({
      ...request,
      messages: [...request.messages, { role: "system" as const, content: "" }]
    })
  ],
  [
    "text or one text part",
    (request) => ({ ...request, messages: [...request.messages, Message.user([{ type: "text", text: "" }])] })
  ],
  [
    "an image",
    (request) => ({
      ...request,
      messages: [...request.messages, Message.user([{ type: "image", mediaType: "image/png", url: "data:," }])]
    })
  ],
  [
    "an image's type",
    (request) => ({
      ...request,
      messages: [...request.messages, Message.user([{ type: "image", mediaType: "image/jpeg", url: "data:," }])]
    })
  ],
  ["temperature", (request) => ({ ...request, sampling: { ...request.sampling, temperature: 0.123 } })],
  ["top p", (request) => ({ ...request, sampling: { ...request.sampling, topP: 0.123 } })],
  ["token limit", (request) => ({ ...request, sampling: { ...request.sampling, maxOutputTokens: 123 } })],
  ["seed", (request) => ({ ...request, sampling: { ...request.sampling, seed: 123 } })],
  ["stop words", (request) => ({ ...request, sampling: { ...request.sampling, stop: ["a,b"] } })],
  ["two stop words", (request) => ({ ...request, sampling: { ...request.sampling, stop: ["a", "b"] } })],
  ["the shape asked for", (request) => ({ ...request, output: { name: "x", jsonSchema: { type: "object" } } })],
  ["the name of the shape", (request) => ({ ...request, output: { name: "y", jsonSchema: { type: "object" } } })],
  ["the shape in text", (request) => ({ ...request, output: { name: "x", jsonSchema: '{"type":"object"}' } })]
]

describe("the key of a request", () => {
  it.effect.prop(
    "is the same for equal requests, whatever the order of their fields, and after a trip through JSON",
    [requests],
    ([request]) =>
      Effect.gen(function* () {
        const key = Request.key(request)
        assert.strictEqual(Request.key(structuredClone(request)), key)
        assert.strictEqual(Request.key(reordered(request) as Request.Request), key)
        const stored = JSON.stringify(yield* Schema.encodeEffect(json)(request))
        assert.strictEqual(Request.key(yield* Schema.decodeUnknownEffect(json)(JSON.parse(stored))), key)
      }),
    { arbitrary: { runs: 500 } }
  )

  it.effect.prop(
    "is another for every request that differs in one field",
    [requests],
    ([request]) =>
      Effect.sync(() => {
        const keys = [request, ...changes.map(([, change]) => change(request))].map((one) => Request.key(one))
        const collisions = keys.filter((key, i) => keys.indexOf(key) !== i)
        assert.deepStrictEqual(collisions, [])
      }),
    { arbitrary: { runs: 500 } }
  )

  it.effect.prop(
    "holds the whole request: it can be read back from it",
    [requests],
    ([request]) =>
      Effect.gen(function* () {
        const read = yield* Schema.decodeUnknownEffect(json)(JSON.parse(Request.key(request)))
        assert.strictEqual(Request.key(read), Request.key(request))
        assert.deepStrictEqual(read.messages, request.messages)
      }),
    { arbitrary: { runs: 300 } }
  )

  it("tells 0 and a missing number apart, and takes an undefined sample as the first", () => {
    const request = Request.make({ purpose: "forward", messages: [], sample: undefined })
    assert.strictEqual(request.sample, 0)
    assert.notStrictEqual(
      Request.key({ ...request, sampling: { temperature: 0 } }),
      Request.key({ ...request, sampling: {} })
    )
    assert.strictEqual(Request.key(Request.make({ purpose: "forward", messages: [] })), Request.key(request))
  })
})
