/**
 * A program that asks the same for ever, also when the prompts of the library change: what journals of earlier versions
 * were written by. It has one of everything that a journal can hold. Never change what it asks; write another one.
 */
import {
  Journal,
  Message,
  Models,
  Place,
  Request,
  TextModel,
  TextModelError,
  type TextModelService
} from "@backprose/core"
import { StudentModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const rules = "Messages about [refund] are answered with [R7].\nMessages about [password] are answered with [A2]."
const messages = ["It is about my refund.", "Once more about the password.", "Hello, I write about a voucher."]
/** Neither is ever answered with a text: the first fails, the second does not come. */
const failing = "This fails."
const endless = "This takes for ever."

export const fingerprint = { task: "fixed", seed: "7" }

const ask = (text: string, sample = 0) =>
  Effect.flatMap(TextModel, (model) =>
    model.complete(Request.make({ purpose: "forward", messages: [Message.system(rules), Message.user(text)], sample }))
  ).pipe(Effect.map(({ text }) => text))

/** `changed`: a step whose questions are others than they were. */
export const program = (changed?: number) =>
  Effect.gen(function* () {
    const journal = yield* Journal.Journal
    const answers: Array<unknown> = []
    for (let step = 1; step <= 3; step++) {
      const asked = changed === step ? messages.map((text) => `${text} Please.`) : messages
      answers.push(
        yield* Effect.gen(function* () {
          const replies = yield* Effect.forEach(
            asked,
            (text, i) => Place.within(`example ${i}`)(Effect.all([ask(text), ask(text), ask(text, 1)])),
            { concurrency: 3 }
          )
          const failed = yield* Effect.flip(ask(failing))
          const faster = yield* Effect.race(
            Place.within("slow")(ask(endless)),
            Place.within("fast")(ask(messages[step - 1]!))
          )
          const length = yield* journal.recorded("length", asked[0]!, Schema.Finite, Effect.succeed(asked[0]!.length))
          return { replies, failed: failed._tag, faster, length }
        }).pipe(Place.within(`step ${step}`))
      )
      yield* journal.mark(`step ${step}`)
    }
    yield* journal.end(false)
    return JSON.stringify(answers)
  })

/** Who answers it, and how often that was asked of them. */
export const models = (asked: { calls: number }) =>
  Models.layer({
    retry: { times: 0 },
    forward: Layer.effect(
      TextModel,
      Effect.map(
        TextModel,
        ({ complete }): TextModelService => ({
          identity: { provider: "student", model: "fixed" },
          complete: (request) =>
            Effect.suspend(() => {
              asked.calls++
              const said = Message.text(request.messages.at(-1)!)
              if (said === failing) return Effect.fail(new TextModelError.EmptyReply({ message: "there is no text" }))
              if (said === endless) return Effect.never
              // no two replies are alike, so that none can be taken for another
              const number = asked.calls
              return Effect.map(complete(request), (reply) => ({ ...reply, text: `${reply.text}, reply ${number}` }))
            })
        })
      )
    ).pipe(Layer.provide(StudentModel.layer()))
  })
