/**
 * Reading a reply safely: one that is empty, cut, filtered or unreadable is a typed error, never a value.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Completion } from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Errors from "../model/TextModelError.ts"
import { RepairPrompt } from "../prompts/Repair.ts"
import * as Structured from "./Structured.ts"

/** What is asked, without the shape of the reply. */
export type Question = Omit<Request.Request, "output" | "sample"> & { readonly sample?: number | undefined }

const whole = (completion: Completion): Effect.Effect<string, Errors.TextModelError> => {
  const { text, finishReason } = completion
  if (finishReason === "content-filter") {
    return Effect.fail(new Errors.ContentFiltered({ message: "the provider's filter withheld the reply" }))
  }
  if (finishReason === "length") {
    return Effect.fail(
      new Errors.ReplyCut({ message: `the reply was cut by the token limit after ${text.length} characters`, text })
    )
  }
  if (finishReason === "tool-calls") {
    return Effect.fail(new Errors.ReplyUnreadable({ message: "the model called a tool that it was not given", text }))
  }
  if (text.trim() === "") return Effect.fail(new Errors.EmptyReply({ message: "the model replied with nothing" }))
  return Effect.succeed(text)
}

/** A whole reply as text. */
export const text = (model: Service, question: Question): Effect.Effect<string, Errors.TextModelError> =>
  Effect.flatMap(model.complete(Request.make(question)), whole)

/**
 * A whole reply as a value of a schema. The provider is asked for JSON of that shape; fenced or wrapped JSON is accepted
 * too; a reply that still does not fit gets one chance to repair itself, told what is wrong.
 */
export const object = Effect.fnUntraced(function* <A>(
  model: Service,
  question: Question,
  schema: Schema.Codec<A, unknown>,
  name: string
): Effect.fn.Return<A, Errors.TextModelError> {
  const format = Structured.of(name, schema)
  const ask = (messages: ReadonlyArray<Message.Message>) =>
    Effect.flatMap(model.complete(Request.make({ ...question, messages, output: format.output })), whole)
  const first = yield* ask(question.messages)
  const value = format.read(first)
  if (value._tag === "Success") return value.success
  const repair = yield* RepairPrompt
  const second = yield* ask([
    ...question.messages,
    Message.assistant(first),
    Message.user(repair({ problem: value.failure, jsonSchema: JSON.stringify(format.output.jsonSchema) }))
  ])
  const repaired = format.read(second)
  if (repaired._tag === "Success") return repaired.success
  return yield* new Errors.ReplyUnreadable({
    message: `the reply is no ${name}, also after a repair: ${repaired.failure}`,
    text: second
  })
})
