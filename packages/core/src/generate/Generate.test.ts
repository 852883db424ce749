import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Image from "../graph/Image.ts"
import * as Variable from "../graph/Variable.ts"
import * as Completion from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import { type BackwardModel, TextModel } from "../model/TextModel.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import * as Operation from "../operation/Operation.ts"
import * as Template from "../operation/Template.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Generate from "./Generate.ts"

const { instructions, style } = Parameters.make({
  instructions: Parameter.text("Answer the question.", { role: "instructions" }),
  style: Parameter.text("Be brief.", { role: "style" })
})
const question = Variable.constant("What is 2 + 2?", "question")
const prompt = Template.make`Question: ${question}`
const seed = [Feedback.make("wrong", { from: "judge" })]

const requests = Effect.flatMap(ScriptedModel, (model) => model.requests)
const said = (text: string) => Effect.provide(ScriptedModel.layer([text]))

/** A critic that says the same about everything it is asked about, counted from 1. */
const critic = ScriptedModel.respond((request) =>
  request.purpose === "forward" ? "4" : Replies.criticism("point 1", "point 2", "point 3")(request)
)

const inputs = (variable: Variable.Any) => (variable.origin._tag === "Operation" ? variable.origin.inputs : [])
const texts = (feedback: ReadonlyArray<Feedback.Feedback>) =>
  feedback.map((one) => (Feedback.isCriticism(one) ? one.text : "objective"))

describe("Generate.text", () => {
  it.effect("sends system prompt and prompt, and gives the reply as a variable with its role", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({ system: instructions, prompt, role: "answer" })
      assert.deepInclude(answer, { value: "4", role: "answer" })
      assert.deepStrictEqual(yield* requests, [
        {
          purpose: "forward",
          sample: 0,
          messages: [Message.system("Answer the question."), Message.user("Question: What is 2 + 2?")]
        }
      ])
      expectTypeOf(answer).toEqualTypeOf<Variable.Variable<string, BackwardModel>>()
    }).pipe(said("4"))
  )

  it.effect("takes plain texts and single variables, and needs no system prompt", () =>
    Effect.gen(function* () {
      yield* Generate.text({ prompt: "Hello?", role: "greeting" })
      yield* Generate.text({ system: "Plain.", prompt: Variable.constant({ n: 1 }, "data"), role: "greeting" })
      assert.deepStrictEqual(
        (yield* requests).map(({ messages }) => messages.map(({ content }) => content)),
        [["Hello?"], ["Plain.", '{\n  "n": 1\n}']]
      )
    }).pipe(Effect.provide(ScriptedModel.layer(["a", "b"])))
  )

  it.effect("hands over sampling options and the index of the sample", () =>
    Effect.gen(function* () {
      yield* Generate.text({ prompt: "x", role: "y", sampling: { temperature: 0, seed: 7 }, sample: 3 })
      assert.deepInclude((yield* requests)[0], { sampling: { temperature: 0, seed: 7 }, sample: 3 })
    }).pipe(said("z"))
  )

  it.effect("has each variable of both prompts as an input once, however often it stands there", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({
        system: Template.make`${instructions} ${style}`,
        prompt: Template.make`${style} ${question} ${style}`,
        role: "answer"
      })
      assert.deepStrictEqual(inputs(answer), [instructions, style, question])
    }).pipe(said("4"))
  )

  it.effect("sends images in the prompt as parts", () =>
    Effect.gen(function* () {
      const picture = Variable.constant(Image.fromUrl("https://example.org/a.png", "image/png"), "picture")
      yield* Generate.text({ prompt: Template.make`What is in ${picture}?`, role: "answer" })
      assert.deepStrictEqual((yield* requests)[0]!.messages, [
        Message.user([
          { type: "text", text: "What is in " },
          { type: "image", mediaType: "image/png", url: "https://example.org/a.png" },
          { type: "text", text: "?" }
        ])
      ])
    }).pipe(said("a cat"))
  )

  const notWhole: ReadonlyArray<readonly [string, Completion.Completion, TextModelError["_tag"]]> = [
    ["cut by the token limit", Completion.make("half an ans", { finishReason: "length" }), "ReplyCut"],
    ["withheld by a filter", Completion.make("", { finishReason: "content-filter" }), "ContentFiltered"],
    ["empty", Completion.make(""), "EmptyReply"],
    ["blank", Completion.make(" \n\t "), "EmptyReply"]
  ]
  for (const [what, completion, tag] of notWhole) {
    it.effect(`a reply that is ${what} is an error and never a value`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Generate.text({ prompt: "x", role: "y" }))
        assert.strictEqual(error._tag, tag)
      }).pipe(Effect.provide(ScriptedModel.layer([completion])))
    )
  }

  it.effect("a cut reply carries what came, for whoever wants to see it", () =>
    Effect.gen(function* () {
      const text = yield* Effect.catchTag(Generate.text({ prompt: "x", role: "y" }), "ReplyCut", ({ text }) =>
        Effect.succeed(text)
      )
      assert.strictEqual(text, "half an ans")
    }).pipe(Effect.provide(ScriptedModel.layer([Completion.make("half an ans", { finishReason: "length" })])))
  )

  it.effect("keeps the reply as it is, white space and all", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Generate.text({ prompt: "x", role: "y" })).value, "  4\n")
    }).pipe(said("  4\n"))
  )
})

describe("Generate.object", () => {
  const Plan = Schema.Struct({ title: Schema.String, days: Schema.Finite })
  const plan = Generate.object({ schema: Plan, name: "plan", system: instructions, prompt, role: "plan" })

  it.effect("asks for JSON of the schema and gives the decoded value", () =>
    Effect.gen(function* () {
      const made = yield* plan
      assert.deepStrictEqual(made.value, { title: "Paint", days: 2 })
      assert.deepStrictEqual((yield* requests)[0]!.output, {
        name: "plan",
        jsonSchema: {
          type: "object",
          properties: { title: { type: "string" }, days: { type: "number" } },
          required: ["title", "days"],
          additionalProperties: false
        }
      })
    }).pipe(Effect.provide(ScriptedModel.layer([{ title: "Paint", days: 2 }])))
  )

  it.effect("a schema whose root is no object is asked for inside one", () =>
    Effect.gen(function* () {
      const made = yield* Generate.object({ schema: Schema.Array(Schema.Int), prompt, role: "numbers" })
      assert.deepStrictEqual(made.value, [1, 2])
      const { jsonSchema } = (yield* requests)[0]!.output!
      assert.deepNestedInclude(jsonSchema, { type: "object", "properties.value.type": "array" })
    }).pipe(Effect.provide(ScriptedModel.layer([[1, 2]])))
  )

  it.effect("decodes transformations of the schema", () =>
    Effect.gen(function* () {
      const When = Schema.Struct({ at: Schema.DateFromString })
      const made = yield* Generate.object({ schema: When, prompt, role: "when" })
      assert.deepStrictEqual(made.value, { at: new Date("2026-01-02T00:00:00Z") })
    }).pipe(Effect.provide(ScriptedModel.layer([{ at: "2026-01-02T00:00:00Z" }])))
  )

  it.effect("the critic is shown the object as JSON, and asked about the inputs", () =>
    Effect.gen(function* () {
      const made = yield* plan
      const gradients = yield* Backward.run(made, { seed })
      assert.deepStrictEqual(texts(gradients.of(instructions)), ["too short a title"])
      assert.include(Message.text((yield* requests)[1]!.messages.at(-1)!), '"title": "Paint"')
    }).pipe(Effect.provide(ScriptedModel.layer([{ title: "Paint", days: 2 }, Replies.criticism("too short a title")])))
  )
})

describe("the backward of a model call", () => {
  it.effect("asks once about all inputs that matter, and about no constant", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({
        system: instructions,
        prompt: Template.make`${style} ${question}`,
        role: "answer"
      })
      const gradients = yield* Backward.run(answer, { seed })
      assert.deepStrictEqual(texts(gradients.of(instructions)), ["point 1"])
      assert.deepStrictEqual(texts(gradients.of(style)), ["point 2"])
      assert.deepStrictEqual(gradients.of(question), [])
      const asked = (yield* requests).filter(({ purpose }) => purpose === "backward")
      assert.strictEqual(asked.length, 1)
      assert.strictEqual(Replies.criticised(asked[0]!).length, 2)
    }).pipe(Effect.provide(critic))
  )

  it.effect("a variable in two slots is asked about once and hears once", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({
        system: style,
        prompt: Template.make`${style} ${question} ${style}`,
        role: "answer"
      })
      assert.deepStrictEqual(texts((yield* Backward.run(answer, { seed })).of(style)), ["point 1"])
    }).pipe(Effect.provide(critic))
  )

  it.effect("a call whose inputs are all constants costs no call", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({ prompt: question, role: "answer" })
      assert.strictEqual((yield* Backward.run(answer, { seed })).entries.size, 0)
      assert.strictEqual((yield* requests).length, 1)
    }).pipe(said("4"))
  )

  it.effect("behind stopGradient nothing is asked", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({ system: instructions, prompt, role: "answer" })
      yield* Backward.run(Operation.stopGradient(answer), { seed })
      assert.strictEqual((yield* requests).length, 1)
    }).pipe(said("4"))
  )

  it.effect("an empty text about an input is no feedback on it", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({ system: instructions, prompt: style, role: "answer" })
      const gradients = yield* Backward.run(answer, { seed })
      assert.deepStrictEqual(texts(gradients.of(instructions)), ["say more"])
      assert.deepStrictEqual(gradients.of(style), [])
    }).pipe(Effect.provide(ScriptedModel.layer(["4", Replies.criticism("say more", "  ")])))
  )

  it.effect("a failing critic fails the pass with an error that names the operation and the reason", () =>
    Effect.gen(function* () {
      const answer = yield* Generate.text({ system: instructions, prompt, role: "answer" })
      const error = yield* Effect.flip(Backward.run(answer, { seed }))
      assert.deepInclude(error, { _tag: "BackwardError", operation: "Generate" })
      assert.strictEqual(error.reason._tag, "ReplyCut")
    }).pipe(Effect.provide(ScriptedModel.layer(["4", Completion.make("{", { finishReason: "length" })])))
  )

  it.effect("needs no forward model", () =>
    Effect.gen(function* () {
      const answer = yield* Effect.provideService(
        Generate.text({ system: instructions, prompt, role: "answer" }),
        TextModel,
        { complete: () => Effect.succeed(Completion.make("4")) }
      )
      const run = Backward.run(answer)
      expectTypeOf<Effect.Services<typeof run>>().toEqualTypeOf<BackwardModel>()
    })
  )
})
