import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { LanguageModel } from "effect/ai"
import { Request, TextModel } from "../index.ts"

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
