import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Image from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import * as Message from "../model/Message.ts"
import type { BackwardModel } from "../model/TextModel.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Describe from "./Describe.ts"

const { other, query } = Parameters.make({
  query: Parameter.text("cats", { role: "search query" }),
  other: Parameter.text("dogs", { role: "second query" })
})
const limit = Variable.constant(3, "limit")
const seed = [Feedback.make("not helpful", { from: "judge", score: 0.3 })]

const options = {
  name: "Search",
  purpose: "looks the query up in the encyclopaedia",
  role: "what was found",
  apply: ({ limit, text }: { readonly text: string; readonly limit: number }) => `${limit} articles about ${text}`
}

const text = (feedback: Feedback.Feedback | undefined) =>
  feedback !== undefined && Feedback.isCriticism(feedback) ? feedback.text : ""

describe("a described function whose feedback passes through", () => {
  const search = Describe.passThrough(options)

  it.effect("computes its value from named inputs", () =>
    Effect.gen(function* () {
      const found = yield* search({ text: query, limit })
      assert.deepInclude(found, { value: "3 articles about cats", role: "what was found" })
      expectTypeOf(found).toEqualTypeOf<Variable.Variable<string>>()
    })
  )

  it.effect("runs effects, and their failures are the program's", () =>
    Effect.gen(function* () {
      const failing = Describe.passThrough({ ...options, apply: () => Effect.fail("index is gone" as const) })
      assert.strictEqual(yield* Effect.flip(failing({ text: query, limit })), "index is gone")
    })
  )

  it.effect("gives every input the feedback together with what the function did; no model is asked", () =>
    Effect.gen(function* () {
      const found = yield* search({ text: query, limit })
      const feedback = (yield* Backward.run(found, { seed })).of(query)
      assert.strictEqual(feedback.length, 1)
      assert.include(text(feedback[0]), "not helpful")
      assert.include(text(feedback[0]), options.purpose)
      assert.include(text(feedback[0]), "3 articles about cats")
      assert.deepInclude(feedback[0], { from: "judge", score: 0.3 })
    })
  )

  it.effect("turns the objective into words, so that what is before it need not know the function", () =>
    Effect.gen(function* () {
      const feedback = (yield* Backward.run(yield* search({ text: query, limit }))).of(query)
      assert.deepStrictEqual(
        feedback.map(({ _tag }) => _tag),
        ["Criticism"]
      )
      assert.include(text(feedback[0]), "The result should get better.")
    })
  )
})

describe("a described function with a critic", () => {
  const search = Describe.criticised({
    ...options,
    apply: ({ a, b }: { readonly a: string; readonly b: string }) => `articles about ${a} and ${b}`
  })

  const asked = Effect.map(
    Effect.flatMap(ScriptedModel, ({ requests }) => requests),
    (requests) => requests.map(({ messages }) => Message.text(messages.at(-1)!))
  )

  it.effect("asks once about all inputs, showing purpose, arguments and output", () =>
    Effect.gen(function* () {
      const found = yield* search({ a: query, b: other })
      expectTypeOf(found).toEqualTypeOf<Variable.Variable<string, BackwardModel>>()
      const gradients = yield* Backward.run(found, { seed })
      assert.deepStrictEqual([text(gradients.of(query)[0]), text(gradients.of(other)[0])], ["about a", "about b"])
      const prompts = yield* asked
      assert.strictEqual(prompts.length, 1)
      for (const part of [
        options.purpose,
        "Argument a",
        "Argument b",
        "cats",
        "dogs",
        "articles about cats and dogs"
      ]) {
        assert.include(prompts[0], part)
      }
    }).pipe(Effect.provide(ScriptedModel.layer([Replies.criticism("about a", "about b")])))
  )

  it.effect("asks about one variable in two arguments once, and it hears the answer once", () =>
    Effect.gen(function* () {
      const gradients = yield* Backward.run(yield* search({ a: query, b: query }), { seed })
      assert.deepStrictEqual(gradients.of(query).map(text), ["said once"])
    }).pipe(Effect.provide(ScriptedModel.layer([Replies.criticism("said once", "said twice")])))
  )

  it.effect("sends images among its arguments to the critic as images", () =>
    Effect.gen(function* () {
      const read = Describe.criticised({
        ...options,
        apply: ({ a }: { readonly a: string; readonly picture: Image.Image }) => a
      })
      const picture = Variable.constant(Image.fromUrl("https://example.org/cat.png", "image/png"), "picture")
      yield* Backward.run(yield* read({ a: query, picture }), { seed })
      const [request] = yield* (yield* ScriptedModel).requests
      const content = request!.messages.at(-1)!.content
      assert.deepInclude(content as ReadonlyArray<object>, {
        type: "image",
        mediaType: "image/png",
        url: "https://example.org/cat.png"
      })
    }).pipe(Effect.provide(ScriptedModel.layer([Replies.criticism("x")])))
  )
})
