import {
  Backward,
  Critic,
  Generate,
  Loss,
  Optimizer,
  Parameter,
  Parameters,
  Template,
  TextualGradientDescent
} from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Replies, ScriptedModel } from "../index.ts"

const parameters = Parameters.make({
  instructions: Parameter.text("Write.", { role: "instructions" }),
  settings: Parameter.schema(Schema.Struct({ words: Schema.Int }), { words: 100 }, { role: "settings" })
})

const step = Effect.gen(function* () {
  const text = yield* Generate.text({
    system: parameters.instructions,
    prompt: Template.make`In ${parameters.settings}`,
    role: "text"
  })
  const loss = yield* Loss.text("Is it short?")(text)
  const gradients = yield* Backward.run(loss)
  return { gradients, next: yield* Optimizer.step(parameters, gradients) }
})

const script = (backward: ReadonlyArray<ReturnType<typeof Replies.criticism>>) =>
  ScriptedModel.layer({
    forward: ["a long text"],
    judge: ["No."],
    backward,
    optimizer: [Replies.edit("Write little."), Replies.edit({ words: 10 })]
  })

describe("replies to the library's own questions", () => {
  it.effect("fit a whole step: what the critic says of each input, and the new value of each parameter", () =>
    Effect.gen(function* () {
      const { gradients, next } = yield* step
      const said = (of: typeof parameters.instructions | typeof parameters.settings) =>
        gradients.of(of).map((one) => one._tag === "Criticism" && one.text)
      assert.deepStrictEqual(said(parameters.instructions), ["does not say how short"])
      assert.deepStrictEqual(said(parameters.settings), ["too many words"])
      assert.strictEqual(next.instructions.value, "Write little.")
      assert.deepStrictEqual(next.settings.value, { words: 10 })
    }).pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(script([Replies.criticism("does not say how short", "too many words")]))
    )
  )

  it.effect("fit a critic that is asked about each input by itself", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* step).next.instructions.value, "Write little.")
    }).pipe(
      Effect.provide([TextualGradientDescent.layer(), Critic.layerPerInput]),
      Effect.provide(script([Replies.criticism("does not say how short"), Replies.criticism("too many words")]))
    )
  )
})
