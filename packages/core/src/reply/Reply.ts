/**
 * Reading a reply safely: one that is empty, cut, filtered or unreadable is a typed error, never a value.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Completion } from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import * as Errors from "../model/TextModelError.ts"
import { RepairPrompt } from "../prompts/Repair.ts"
import * as Fenced from "./Fenced.ts"
import * as Structured from "./Structured.ts"
import * as Thought from "./Thought.ts"

/** What is asked, without the shape of the reply. */
export type Question = Omit<Request.Request, "output" | "sample"> & { readonly sample?: number | undefined }

/** No reply is longer and means something; in characters. A provider's own limit may be lower. */
const longest = 4 * 1024 * 1024

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
  if (text.length > longest) {
    const message = `the reply is ${text.length} characters long; up to ${longest} are read`
    return Effect.fail(new Errors.ReplyTooLarge({ message }))
  }
  return Effect.succeed(text)
}

/** A whole reply as text. */
export const text = (model: Service, question: Question): Effect.Effect<string, Errors.TextModelError> =>
  Effect.flatMap(model.complete(Request.make(question)), whole)

/** What a value of a schema is asked for with. */
export interface Shape<A> {
  readonly schema: Schema.Codec<A, unknown>
  /** What the value is, for the provider. */
  readonly name: string
  /**
   * For a shape that is one text with notes: the JSON that a reply stands for which ignores the shape and has the text
   * alone, in a fence. Without it, such a reply is unreadable.
   */
  readonly ofText?: (text: string) => unknown
  /** Why a value that fits the schema is refused all the same, in words that a repair can follow. */
  readonly refuse?: (value: A) => string | undefined
}

/**
 * A whole reply as a value of a schema. The provider is asked for JSON of that shape; fenced or wrapped JSON is accepted
 * too, where only one value can be meant; a reply that still does not fit gets one chance to repair itself, told what is
 * wrong.
 */
export const shaped = Effect.fnUntraced(function* <A>(
  model: Service,
  question: Question,
  shape: Shape<A>
): Effect.fn.Return<A, Errors.TextModelError> {
  const format = Structured.of(shape.name, shape.schema)
  const ask = (messages: ReadonlyArray<Message.Message>) =>
    Effect.flatMap(model.complete(Request.make({ ...question, messages, output: format.output })), whole)
  const read = (reply: string): Result.Result<A, string> =>
    Result.flatMap(stated(format, shape, reply), (value) => {
      const refused = shape.refuse?.(value)
      return refused === undefined ? Result.succeed(value) : Result.fail(refused)
    }).pipe(Result.mapError((problem) => shortened(problem, 1000)))

  const first = yield* ask(question.messages)
  const value = read(first)
  if (value._tag === "Success") return value.success
  const repair = yield* RepairPrompt
  const second = yield* ask([
    ...question.messages,
    // to send megabytes back would fail for its length and hide what is wrong
    Message.assistant(shortened(first, 32_000)),
    Message.user(repair({ problem: value.failure, jsonSchema: JSON.stringify(format.output.jsonSchema) }))
  ])
  const repaired = read(second)
  if (repaired._tag === "Success") return repaired.success
  return yield* new Errors.ReplyUnreadable({
    message: `the reply is no ${shape.name}, also after a repair: ${repaired.failure}`,
    text: second
  })
})

/** `shaped`, for a shape that is only a schema. */
export const object = <A>(
  model: Service,
  question: Question,
  schema: Schema.Codec<A, unknown>,
  name: string
): Effect.Effect<A, Errors.TextModelError> => shaped(model, question, { schema, name })

const stated = <A>(format: Structured.Structured<A>, shape: Shape<A>, reply: string): Result.Result<A, string> => {
  const value = format.read(reply)
  if (Result.isSuccess(value) || shape.ofText === undefined) return value
  const said = Thought.after(reply)
  const text = Result.isSuccess(said) ? Fenced.text(said.success) : undefined
  return text === undefined ? value : format.fits(shape.ofText(text))
}

const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text
  const half = Math.floor(most / 2)
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`
}
