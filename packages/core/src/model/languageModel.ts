/**
 * Adapter: any `effect/ai` LanguageModel as a `TextModel`. The only file that knows `effect/ai`.
 */
import type { AiError } from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import { type Completion, make } from "./Completion.ts"
import type { Message } from "./Message.ts"
import type { OutputFormat, Request } from "./Request.ts"
import * as Sampling from "./Sampling.ts"
import type { Service } from "./TextModel.ts"
import * as Errors from "./TextModelError.ts"

const toPrompt = (message: Message): Prompt.MessageEncoded => {
  if (message.role === "system") return { role: "system", content: message.content as string }
  const parts =
    typeof message.content === "string" ? [{ type: "text" as const, text: message.content }] : message.content
  return message.role === "assistant"
    ? { role: "assistant", content: parts.flatMap((part) => (part.type === "text" ? [part] : [])) }
    : {
        role: "user",
        content: parts.map((part) =>
          part.type === "text"
            ? { type: "text", text: part.text }
            : { type: "file", mediaType: part.mediaType, data: new URL(part.url) }
        )
      }
}

type ObjectSchema = Schema.Codec<Record<string, unknown>, Record<string, unknown>>

// what a provider's schema cannot say is checked again by whoever asked, so patterns may be left out here
const fromJsonSchema = (jsonSchema: JsonSchema.JsonSchema): ObjectSchema =>
  SchemaRepresentation.fromJsonSchemaDocument(
    {
      dialect: "draft-2020-12",
      schema: jsonSchema,
      definitions: (jsonSchema["$defs"] ?? {}) as JsonSchema.Definitions
    },
    { patterns: "ignore" }
  ) as never

const schemas = new WeakMap<object, ObjectSchema>()

// providers keep what they derive from a schema by its identity: the same shape must be the same schema in every call
const toSchema = ({ jsonSchema }: OutputFormat): ObjectSchema => {
  const shape = jsonSchema as JsonSchema.JsonSchema
  const known = schemas.get(shape)
  if (known !== undefined) return known
  const made = fromJsonSchema(shape)
  schemas.set(shape, made)
  return made
}

const toError = (error: AiError): Errors.TextModelError => {
  const message = error.reason.message
  switch (error.reason._tag) {
    case "RateLimitError":
      return new Errors.RateLimited({
        message,
        ...(error.retryAfter === undefined ? {} : { retryAfterMs: Duration.toMillis(error.retryAfter) })
      })
    case "QuotaExhaustedError":
      return new Errors.QuotaExhausted({ message })
    case "AuthenticationError":
      return new Errors.Unauthorized({ message })
    case "ContentPolicyError":
      return new Errors.ContentFiltered({ message })
    case "InvalidRequestError":
    case "InvalidUserInputError":
    case "UnsupportedSchemaError":
      return /context.{0,20}(length|window)|too long/i.test(message)
        ? new Errors.ContextTooLong({ message })
        : /model.{0,60}(not exist|not found|unknown)/i.test(message)
          ? new Errors.ModelUnknown({ message })
          : new Errors.InvalidRequest({ message })
    case "StructuredOutputError":
    case "InvalidOutputError":
      return new Errors.ReplyUnreadable({ message, text: "" })
    default:
      return error.isRetryable ? new Errors.ProviderUnavailable({ message }) : new Errors.InvalidRequest({ message })
  }
}

const complete = (model: LanguageModel.LanguageModel) =>
  Effect.fnUntraced(
    function* (request: Request): Effect.fn.Return<Completion, AiError> {
      const prompt = request.messages.map(toPrompt)
      const response =
        request.output === undefined
          ? yield* model.generateText({ prompt })
          : yield* model.generateObject({
              prompt,
              schema: toSchema(request.output),
              objectName: request.output.name
            })
      const finish = response.finishReason
      return make("value" in response ? JSON.stringify(response.value) : response.text, {
        finishReason:
          finish === "stop" || finish === "length" || finish === "content-filter" || finish === "tool-calls"
            ? finish
            : "unknown",
        usage: {
          calls: 1,
          inputTokens: response.usage.inputTokens.total ?? 0,
          cachedInputTokens: response.usage.inputTokens.cacheRead ?? 0,
          outputTokens: response.usage.outputTokens.total ?? 0
        }
      })
    },
    // a reply that is no JSON of the schema is still a reply: whoever asked reads it leniently, and may ask for a repair
    Effect.catchReason("AiError", "StructuredOutputError", (reason) => Effect.succeed(make(reason.responseText))),
    (effect, request) => Effect.provideService(effect, Sampling.CurrentSampling, Sampling.of(request)),
    Effect.mapError(toError)
  )

/** @internal */
export const fromContext = (context: Context.Context<LanguageModel.LanguageModel>): Service => ({
  complete: complete(Context.get(context, LanguageModel.LanguageModel))
})
