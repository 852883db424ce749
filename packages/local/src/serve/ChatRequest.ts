/**
 * The body of a chat completion request, as OpenAI's clients send it, and what it asks for in our terms. Fields that
 * change nothing here (`user`, `store`, `logit_bias` ...) are let through unread.
 */
import { Message, Request } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

// clients send null for what they leave out
const given = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))

const Part = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), text: Schema.String }),
  Schema.Struct({ type: Schema.Literal("image_url"), image_url: Schema.Struct({ url: Schema.String }) })
])

const Content = Schema.Union([Schema.String, Schema.Array(Part)])

const Turn = Schema.Struct({
  role: Schema.Literals(["system", "developer", "user", "assistant"]),
  content: Content
})

const ResponseFormat = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text") }),
  Schema.Struct({ type: Schema.Literal("json_object") }),
  Schema.Struct({
    type: Schema.Literal("json_schema"),
    json_schema: Schema.Struct({ name: Schema.NonEmptyString, schema: Schema.optional(Schema.Json) })
  })
])

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const unit = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/** What is understood of a body. */
export const Body = Schema.Struct({
  model: given(Schema.String),
  messages: Schema.NonEmptyArray(Turn),
  stream: given(Schema.Boolean),
  stream_options: given(Schema.Struct({ include_usage: given(Schema.Boolean) })),
  response_format: given(ResponseFormat),
  temperature: given(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 2 }))),
  top_p: given(unit),
  seed: given(Schema.Int),
  max_tokens: given(count),
  max_completion_tokens: given(count),
  stop: given(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  n: given(count.check(Schema.isLessThanOrEqualTo(16))),
  // refused rather than ignored: a client that offers tools waits for calls that would never come
  tools: given(Schema.Array(Schema.Unknown).check(Schema.isMaxLength(0, { message: "tools are not supported" })))
})
export type Body = typeof Body.Type

/** The text of a request as its fields; the message of the error names each field that is wrong. */
export const decode: (text: string) => Effect.Effect<Body, Schema.SchemaError> = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Body),
  { errors: "all" }
)

const mediaType = (url: string): string => /^data:([^;,]+)/.exec(url)?.[1] ?? "image/*"

const toMessage = ({ role, content }: typeof Turn.Type): Message.Message => {
  const parts: Message.Message["content"] =
    typeof content === "string"
      ? content
      : content.map((part) =>
          part.type === "text"
            ? part
            : { type: "image", mediaType: mediaType(part.image_url.url), url: part.image_url.url }
        )
  return { role: role === "developer" ? "system" : role, content: parts }
}

const toOutput = (format: Body["response_format"]): Request.OutputFormat | undefined => {
  switch (format?.type) {
    case "json_object":
      return { name: "object", jsonSchema: { type: "object" } }
    case "json_schema":
      return { name: format.json_schema.name, jsonSchema: format.json_schema.schema ?? {} }
    default:
      return undefined
  }
}

const toSampling = (body: Body): Request.Sampling => {
  const maxOutputTokens = body.max_completion_tokens ?? body.max_tokens ?? undefined
  return {
    ...(typeof body.temperature === "number" ? { temperature: body.temperature } : {}),
    ...(typeof body.top_p === "number" ? { topP: body.top_p } : {}),
    ...(typeof body.seed === "number" ? { seed: body.seed } : {}),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(typeof body.stop === "string" ? { stop: [body.stop] } : body.stop ? { stop: body.stop } : {})
  }
}

/** One request a choice: they differ in the index of the sample. */
export const toRequests = (body: Body): ReadonlyArray<Request.Request> => {
  const output = toOutput(body.response_format)
  return Array.from({ length: body.n ?? 1 }, (_, sample) =>
    Request.make({
      messages: body.messages.map(toMessage),
      purpose: "forward",
      sampling: toSampling(body),
      sample,
      ...(output === undefined ? {} : { output })
    })
  )
}
