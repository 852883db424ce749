import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Feedback from "../graph/Feedback.ts"
import type * as Variable from "../graph/Variable.ts"
import * as Message from "../model/Message.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import { Optimizer } from "./Optimizer.ts"
import * as TextualGradientDescent from "./TextualGradientDescent.ts"

const parameters = Parameters.make({
  instructions: Parameter.text("Answer the question.", { role: "system prompt of the solver" })
})

const criticised = (variable: Variable.Any, said: string) =>
  GradientMap.make(new Map([[variable, [Feedback.make(said, { from: "check", score: 0 })]]]))
const gradients = criticised(parameters.instructions, "name the code")

describe("a text by edits", () => {
  const byEdits = TextualGradientDescent.layer({ reply: "edits" })
  const edits = (...pairs: ReadonlyArray<readonly [find: string, replace: string]>) => ({
    edits: pairs.map(([find, replace]) => ({ find, replace })),
    changed: ""
  })
  it.effect("asked for edits, takes them where each fits; the rest of the text stays", () =>
    Effect.gen(function* () {
      const next = yield* Optimizer.step(parameters, gradients)
      assert.strictEqual(next.instructions.value, "Answer each question. Name the code.")
      const [asked] = yield* (yield* ScriptedModel).requests
      assert.include(Message.text(asked!.messages.at(-1)!), "write the edits")
    }).pipe(
      Effect.provide(byEdits),
      Effect.provide(ScriptedModel.layer([edits(["the", "each"], ["question.", "question. Name the code."])]))
    )
  )

  it.effect("has edits that do not fit repaired once, told which one; then it fails and nothing has changed", () =>
    Effect.gen(function* () {
      const next = yield* Optimizer.step(parameters, gradients)
      assert.strictEqual(next.instructions.value, "Answer every question.")
      const error = yield* Effect.flip(Optimizer.step(parameters, gradients))
      assert.include(error.message, 'edit 2: "e" stands in the text more than once')
      const repair = Message.text((yield* (yield* ScriptedModel).requests)[1]!.messages.at(-1)!)
      assert.include(repair, 'edit 1: "a question" does not stand in the text')
    }).pipe(
      Effect.provide(byEdits),
      Effect.provide(
        ScriptedModel.layer([
          edits(["a question", "every question"]),
          edits(["the question", "every question"]),
          edits(["the", "any"], ["e", "E"]),
          edits(["the", "any"], ["e", "E"])
        ])
      )
    )
  )

  it.effect("refuses edits that make a text which the parameter may not have", () =>
    Effect.gen(function* () {
      const short = Parameters.make({ note: Parameter.text("Be brief.", { role: "note", maxLength: 12 }) })
      const next = yield* Optimizer.step(short, criticised(short.note, "say how"))
      assert.strictEqual(next.note.value, "Be terse.")
      const repair = Message.text((yield* (yield* ScriptedModel).requests)[1]!.messages.at(-1)!)
      assert.include(repair, "12")
    }).pipe(
      Effect.provide(byEdits),
      Effect.provide(ScriptedModel.layer([edits(["brief", "as brief as you can"]), edits(["brief", "terse"])]))
    )
  )
})
