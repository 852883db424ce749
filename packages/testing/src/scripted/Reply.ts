/**
 * What a script may say in place of a model: a text, a value, a whole completion, an error, or a function of the request.
 */
import { Completion, type Request, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ScriptMisfit } from "./ScriptError.ts"

/**
 * A reply as a value. A string is the text of the reply as it is; a `Completion` is taken whole, with its finish reason
 * and usage; a `TextModelError` fails the call; any other value answers a structured request and is sent as JSON.
 */
export type Said = string | Completion.Completion | TextModelError.TextModelError | Schema.Json

/** How to make a reply of the request. An Effect may wait, count, or fail. */
export type Respond = (request: Request.Request) => Said | Effect.Effect<Said, TextModelError.TextModelError>

/** One entry of a script. */
export type Reply = Said | Respond

const isCompletion = Schema.is(Completion.Completion)
const isError = Schema.is(TextModelError.TextModelError)

type Answer = Effect.Effect<Completion.Completion, TextModelError.TextModelError>

/** The reply to a request. */
export const answer = (reply: Reply, request: Request.Request): Answer => {
  if (typeof reply !== "function") return say(reply, request)
  return Effect.suspend(() => {
    const said = reply(request)
    return Effect.isEffect(said) ? Effect.flatMap(said, (one) => say(one, request)) : say(said, request)
  })
}

const say = (said: Said, request: Request.Request): Answer => {
  if (typeof said === "string") return Effect.succeed(Completion.make(said))
  if (isError(said)) return Effect.fail(said)
  if (isCompletion(said)) return Effect.succeed(said)
  if (request.output === undefined) {
    return Effect.die(
      new ScriptMisfit({
        message: `the script gives a value where the ${request.purpose} call asks for a text: ${JSON.stringify(said)}`
      })
    )
  }
  return Effect.succeed(Completion.make(JSON.stringify(fit(said, request.output.jsonSchema))))
}

// a schema whose root is no object is asked for as `{ value }`, since providers want an object: a script need not know
const fit = (value: Schema.Json, jsonSchema: Schema.Json): Schema.Json =>
  (typeof value !== "object" || value === null || Array.isArray(value)) && wantsObject(jsonSchema) ? { value } : value

const wantsObject = (jsonSchema: Schema.Json): boolean =>
  typeof jsonSchema === "object" && jsonSchema !== null && (jsonSchema as { type?: unknown }).type === "object"
