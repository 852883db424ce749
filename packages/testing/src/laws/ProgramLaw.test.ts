import { Combine, Generate, Loss, Message, Operation, Parameter, Parameters, Template, Variable } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { Laws, Replies, ScriptedModel, StudentModel } from "../index.ts"

const { draft, edit } = Parameters.make({
  draft: Parameter.text("Draft. Messages about [refund] are answered with [R7].", {
    role: "instructions of the drafter"
  }),
  edit: Parameter.text("Shorten it.", { role: "instructions of the editor" })
})

const pipeline = Effect.gen(function* () {
  const message = Variable.constant("I want a refund.", "message")
  const first = yield* Generate.text({ system: draft, prompt: Template.make`Message: ${message}`, role: "draft" })
  const second = yield* Generate.text({ system: edit, prompt: Template.make`${first} ${message}`, role: "answer" })
  const right = yield* Loss.verifier((text: string) => ({ score: 0, feedback: `Not ${text}.` }))(second)
  const judged = yield* Loss.verdict("Messages about [refund] are answered with [R8].")(second)
  return [right, judged, Combine.all<unknown, never>([Operation.stopGradient(first), draft], "both")]
})

describe("the laws of a program", () => {
  it.effect("hold for a pipeline of two model calls with three losses", () =>
    Laws.program(pipeline).pipe(Effect.provide(StudentModel.layer()))
  )

  it.effect("hold for the student's own task", () => {
    const task = StudentModel.task({ sizes: { train: 8, validation: 1, test: 1 } })
    return Laws.program(
      Effect.forEach(task.train, (example) =>
        Effect.flatMap(task.forward(task.parameters, example), (answer) => task.loss(answer, example))
      )
    ).pipe(Effect.provide(StudentModel.layer()))
  })

  it.effect("are broken by a forward pass that rolls dice", () =>
    Effect.gen(function* () {
      const dicing = Effect.map(Random.next, (value) => Variable.constant(value, "roll"))
      const error = yield* Effect.flip(Laws.program(dicing))
      assert.instanceOf(error, Laws.LawBroken)
      assert.include(error.message, "run twice")
    })
  )

  it.effect("are broken by a pullback that answers as it pleases", () =>
    Effect.gen(function* () {
      let asked = 0
      const error = yield* Effect.flip(Laws.program(pipeline)).pipe(
        Effect.provide(
          ScriptedModel.respond((request) => {
            if (request.purpose === "judge") return { feedback: "no", score: 0 }
            if (request.purpose === "forward") return Message.text(request.messages.at(-1)!)
            return Replies.criticism(`${asked++}`)(request)
          })
        )
      )
      assert.instanceOf(error, Laws.LawBroken)
      assert.include(error.message, "any concurrency")
    })
  )
})
