import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Message from "../model/Message.ts"
import { Optimizer } from "../optimizer/Optimizer.ts"
import * as TextualGradientDescent from "../optimizer/TextualGradientDescent.ts"
import * as Parameter from "./Parameter.ts"
import * as Parameters from "./Parameters.ts"

describe("a text with a greatest length", () => {
  const parameters = Parameters.make({
    p: Parameter.text("Answer as long as you like.", { role: "instructions", constraints: ["no lists"], maxLength: 12 })
  })
  const gradients = GradientMap.make(new Map([[parameters.p, [Feedback.make("too long", { from: "check" })]]]))
  const edit = (value: string) => ({ value, changed: "" })

  it.effect("is asked for with it, and once more where it is longer", () =>
    Effect.gen(function* () {
      const next = yield* Optimizer.step(parameters, gradients)
      assert.strictEqual(next.p.value, "Answer: 12ch")
      const [first, second] = yield* (yield* ScriptedModel).requests
      assert.include(Message.text(first!.messages.at(-1)!), "- no lists\n- at most 12 characters\n")
      assert.include(Message.text(second!.messages.at(-1)!), "13 characters long, which is more than 12")
      assert.notInclude(JSON.stringify(first!.output), "maxLength")
    }).pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(ScriptedModel.layer([edit("Answer: 13 ch"), edit("Answer: 12ch")]))
    )
  )

  it.effect("is refused where it is too long again, or empty", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Optimizer.step(parameters, gradients))
      assert.strictEqual(error.reason._tag, "ReplyUnreadable")
    }).pipe(
      Effect.provide(TextualGradientDescent.layer()),
      Effect.provide(ScriptedModel.layer([edit("Answer: 13 ch"), edit(" ")]))
    )
  )

  it.effect("loads, also as the longer text that it began with, and not when it is another longer one", () =>
    Effect.gen(function* () {
      for (const p of ["Short.", "Answer as long as you like."]) {
        assert.strictEqual((yield* Parameters.load(parameters, { p })).p.value, p)
      }
      const { message } = yield* Effect.flip(Parameters.load(parameters, { p: "Answer as short as you like." }))
      assert.include(message, "more than 12")
    })
  )
})
