import {
  Backward,
  type BackwardModel,
  Component,
  Generate,
  Loss,
  Optimizer,
  Parameter,
  Parameters,
  Request,
  Template,
  type TextModel,
  type TextModelError,
  TextualGradientDescent,
  Variable
} from "@backprose/core"
import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Effect, Schema } from "effect"

const { criticism } = Replies

type Text = Variable.Variable<string, BackwardModel>

const draft = Component.make(
  "draft",
  { instructions: Parameter.text("Answer in one sentence.", { role: "instructions of the drafter" }) },
  (p, question: Variable.Variable<string>) =>
    Generate.text({ system: p.instructions, prompt: question, role: "draft answer" })
)

const shorten = Component.make(
  "shorten",
  {
    instructions: Parameter.text("Make it shorter.", { role: "instructions of the editor" }),
    words: Parameter.schema(Schema.Int, 10, { role: "how many words at most" })
  },
  (p, text: Text) =>
    Generate.text({
      system: p.instructions,
      prompt: Template.make<BackwardModel>`At most ${p.words} words: ${text}`,
      role: "short answer"
    })
)

class NotLoud extends Error {
  readonly _tag = "NotLoud"
}

const shout = Component.make("shout", {}, (_, text: Text) =>
  text.value === "" ? Effect.fail(new NotLoud()) : Effect.succeed(text.value.toUpperCase())
)

const pipeline = draft.pipe(Component.andThen(shorten))
const question = Variable.constant("Why is the sky blue?", "question")
const systems = Effect.map(
  Effect.flatMap(ScriptedModel, (model) => model.requests),
  (requests) => requests.map(({ messages }) => messages.find(({ role }) => role === "system")?.content)
)

describe("Component", () => {
  it("nests parameters under the components' names", () => {
    const parameters = Component.parameters(pipeline)
    assert.deepStrictEqual(
      Parameters.entries(parameters).map(({ name }) => name),
      ["draft.instructions", "shorten.instructions", "shorten.words"]
    )
    expectTypeOf(parameters.draft.instructions).toEqualTypeOf<Variable.Variable<string>>()
    expectTypeOf(parameters.shorten.words).toEqualTypeOf<Variable.Variable<number>>()
    // @ts-expect-error parameters stand under the name of their component
    assert.isUndefined(parameters.instructions)
  })

  it.effect("runs its parts one after the other, each with its own parameters", () =>
    Effect.gen(function* () {
      const short = yield* pipeline.forward(Component.parameters(pipeline), question)
      assert.strictEqual(short.value, "Scattering.")
      assert.deepStrictEqual(yield* systems, ["Answer in one sentence.", "Make it shorter."])
    }).pipe(Effect.provide(ScriptedModel.layer(["Light scatters in the air.", "Scattering."])))
  )

  it.effect("lets feedback reach the parameters of every part", () =>
    Effect.gen(function* () {
      const parameters = Component.parameters(pipeline)
      const short = yield* pipeline.forward(parameters, question)
      const loss = yield* Loss.verifier(() => ({ score: 0, feedback: "Say what scatters." }))(short)
      const gradients = yield* Backward.run(loss)
      for (const { name, variable } of Parameters.entries(parameters)) {
        assert.strictEqual(gradients.of(variable).length, 1, name)
      }
    }).pipe(
      Effect.provide(
        ScriptedModel.layer({
          forward: ["Light scatters in the air.", "Scattering."],
          backward: [criticism("Keep the subject.", "Allow more.", "Be exact."), criticism("Name it.")]
        })
      )
    )
  )

  it("adds up inputs, outputs, errors and services in its type", () => {
    const all = pipeline.pipe(Component.andThen(shout))
    const run = (input: Variable.Variable<string>) => all.forward(Component.parameters(all), input)
    expectTypeOf<Effect.Success<ReturnType<typeof run>>>().toEqualTypeOf<string>()
    expectTypeOf<Effect.Error<ReturnType<typeof run>>>().toEqualTypeOf<TextModelError.TextModelError | NotLoud>()
    expectTypeOf<Effect.Services<ReturnType<typeof run>>>().toEqualTypeOf<TextModel>()
    // @ts-expect-error the output of the first is no input of the second
    shout.pipe(Component.andThen(draft))
  })

  it("composes in any grouping to the same parameters", () => {
    const left = draft.pipe(Component.andThen(shorten), Component.andThen(shout))
    const right = draft.pipe(Component.andThen(shorten.pipe(Component.andThen(shout))))
    const names = (self: Component.Component<any, any, any, any, any>) =>
      Parameters.entries(Component.parameters(self)).map(({ name }) => name)
    assert.deepStrictEqual(names(left), names(right))
  })

  it.effect("is trained here and used there: saved parameters load into the pipeline of an application", () =>
    Effect.gen(function* () {
      // the trainer
      const before = Component.parameters(pipeline)
      const short = yield* pipeline.forward(before, question)
      const loss = yield* Loss.verifier(() => ({ score: 0, feedback: "Say what scatters." }))(short)
      const after = yield* Optimizer.step(before, yield* Backward.run(loss))
      const file = JSON.stringify(Parameters.save(after))
      assert.deepStrictEqual(JSON.parse(file), {
        "draft.instructions": "Answer in one sentence.",
        "shorten.instructions": "Make it shorter, keep the subject.",
        "shorten.words": 12
      })

      // the application: it needs the pipeline, the file and a model, and knows of no loss, critic or optimizer
      const application = Effect.gen(function* () {
        const parameters = yield* Parameters.load(Component.parameters(pipeline), JSON.parse(file))
        const answer = yield* pipeline.forward(parameters, Variable.constant("Why is grass green?", "question"))
        return answer.value
      })
      expectTypeOf<Effect.Services<typeof application>>().toEqualTypeOf<TextModel>()
      assert.strictEqual(yield* application, "Chlorophyll.")
      const requests = yield* Effect.flatMap(ScriptedModel, (model) => model.requests)
      const last = requests.at(-1)!
      assert.strictEqual(last.purpose, "forward")
      assert.deepStrictEqual(
        last.messages.map(({ content }) => content),
        ["Make it shorter, keep the subject.", "At most 12 words: Leaves hold chlorophyll."]
      )
      assert.isString(Request.key(last))
    }).pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(
        ScriptedModel.layer({
          forward: ["Light scatters in the air.", "Scattering.", "Leaves hold chlorophyll.", "Chlorophyll."],
          backward: [criticism("Keep the subject.", "Allow more.", "")],
          optimizer: [
            { value: "Make it shorter, keep the subject.", changed: "The subject got lost." },
            { value: 12, changed: "Too short." }
          ]
        })
      )
    )
  )
})
