/**
 * Adapter: any `effect/ai` LanguageModel as a `TextModel`. The only file that knows `effect/ai`.
 */
import type { AiError } from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Telemetry from "effect/ai/Telemetry"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as JsonSchema from "effect/JsonSchema"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import { type Completion, type FinishReason, make, noUsage, type Usage } from "./Completion.ts"
import { contextSizes } from "./contextSizes.ts"
import * as Json from "./Json.ts"
import type { Message, Part } from "./Message.ts"
import { type Identity, ModelIdentity } from "./ModelIdentity.ts"
import type { OutputFormat, Request } from "./Request.ts"
import * as Sampling from "./Sampling.ts"
import type { Service } from "./Service.ts"
import * as Errors from "./TextModelError.ts"

const toPart = (part: Part): Effect.Effect<Prompt.UserMessagePartEncoded, Errors.InvalidRequest> => {
  if (part.type === "text") return Effect.succeed({ type: "text", text: part.text })
  return URL.canParse(part.url)
    ? Effect.succeed({ type: "file", mediaType: part.mediaType, data: new URL(part.url) })
    : Effect.fail(new Errors.InvalidRequest({ message: `an image needs a whole URL, but this is "${part.url}"` }))
}

const toMessage = (message: Message): Effect.Effect<Prompt.MessageEncoded, Errors.InvalidRequest> => {
  const { role, content } = message
  const text =
    typeof content === "string" ? content : content.flatMap((p) => (p.type === "text" ? [p.text] : [])).join("")
  if (role === "system") return Effect.succeed({ role, content: text })
  if (role === "assistant") return Effect.succeed({ role, content: [{ type: "text", text }] })
  const parts: ReadonlyArray<Part> = typeof content === "string" ? [{ type: "text", text }] : content
  return Effect.map(Effect.forEach(parts, toPart), (content) => ({ role: "user", content }))
}

type ReplySchema = Schema.Codec<Record<string, unknown>, Record<string, unknown>>

const schemas = new WeakMap<object, ReplySchema>()

/** Built once a shape. What a provider's schema cannot say is checked again by whoever asked, so patterns may go. */
const toSchema = ({ jsonSchema }: OutputFormat): ReplySchema => {
  const root = jsonSchema as JsonSchema.JsonSchema
  const known = schemas.get(root)
  if (known !== undefined) return known
  const definitions = (root["$defs"] ?? {}) as JsonSchema.Definitions
  const made = SchemaRepresentation.fromJsonSchemaDocument(
    { dialect: "draft-2020-12", schema: root, definitions },
    { patterns: "ignore" }
  ) as unknown as ReplySchema
  schemas.set(root, made)
  return made
}

const finishReasons: Partial<Record<Response.FinishReason, FinishReason>> = {
  stop: "stop",
  length: "length",
  "content-filter": "content-filter",
  "tool-calls": "tool-calls"
}

/** The provider's own word on the cost: `costUsd` in the metadata of the ending. */
const costOf = (metadata: Readonly<Record<string, unknown>> | undefined): { readonly usd?: number } => {
  for (const said of Object.values(metadata ?? {})) {
    const usd = typeof said === "object" && said !== null && "costUsd" in said ? said.costUsd : undefined
    if (typeof usd === "number" && Number.isFinite(usd) && usd > 0) return { usd }
  }
  return {}
}

/** What the parts of a response say of it beside the text. */
const detailsOf = (parts: ReadonlyArray<Response.AllParts<any>>): Partial<Completion> => {
  const finish = parts.find((part) => part.type === "finish")
  const model = parts.find((part) => part.type === "response-metadata")?.modelId
  return {
    finishReason: finish === undefined ? "unknown" : (finishReasons[finish.reason] ?? "unknown"),
    usage: {
      calls: 1,
      inputTokens: finish?.usage.inputTokens.total ?? 0,
      cachedInputTokens: finish?.usage.inputTokens.cacheRead ?? 0,
      outputTokens: finish?.usage.outputTokens.total ?? 0,
      ...costOf(finish?.metadata)
    },
    ...(model === undefined ? {} : { model })
  }
}

const complete = Effect.fnUntraced(function* (
  model: LanguageModel.LanguageModel,
  request: Request
): Effect.fn.Return<Completion, AiError | Errors.InvalidRequest> {
  const prompt = yield* Effect.forEach(request.messages, toMessage)
  if (request.output === undefined) {
    const response = yield* model.generateText({ prompt })
    return make(response.text, detailsOf(response.content))
  }
  // a reply that is no JSON of the schema arrives as an error without its ending and usage; the span hook has seen both
  let details: Partial<Completion> = { finishReason: "unknown", usage: { ...noUsage, calls: 1 } }
  const outer = yield* Effect.serviceOption(Telemetry.CurrentSpanTransformer)
  return yield* model
    .generateObject({ prompt, schema: toSchema(request.output), objectName: request.output.name })
    .pipe(
      // what strict reading refuses (a key that stands twice) is left for whoever asked to refuse
      Effect.map((response) => {
        const readable = Result.isSuccess(Json.parse(response.text))
        return make(readable ? JSON.stringify(response.value) : response.text, detailsOf(response.content))
      }),
      // it is still a reply: whoever asked reads it leniently, and may ask for a repair
      Effect.catchReason("AiError", "StructuredOutputError", (reason) =>
        Effect.sync(() => make(reason.responseText, details))
      ),
      Effect.provideService(Telemetry.CurrentSpanTransformer, (options) => {
        details = detailsOf(options.response)
        if (Option.isSome(outer)) outer.value(options)
      })
    )
})

const toError = (error: AiError): Errors.TextModelError => {
  // a message of several lines has its fact in the first, behind the name of the kind of failure
  const message = error.reason.message.split("\n", 1)[0]!.replace(/^[A-Z]\w+Error: /, "")
  const wait = retryAfterOf(error)
  const retryAfterMs = wait === undefined ? {} : { retryAfterMs: wait }
  const used = paid(error)
  switch (error.reason._tag) {
    case "RateLimitError":
      return new Errors.RateLimited({ message, ...retryAfterMs })
    case "QuotaExhaustedError":
      return new Errors.QuotaExhausted({ message })
    case "AuthenticationError":
      return new Errors.Unauthorized({ message })
    case "ContentPolicyError":
      return new Errors.ContentFiltered({ message })
    case "InvalidOutputError":
      return /empty reply/i.test(message)
        ? new Errors.EmptyReply({ message, ...used })
        : new Errors.ReplyUnreadable({ message, text: "", ...used })
    case "StructuredOutputError":
      return new Errors.ReplyUnreadable({ message, text: error.reason.responseText, ...used })
    case "InvalidResponseError":
      return /larger than/i.test(message)
        ? new Errors.ReplyTooLarge({ message })
        : new Errors.ProviderUnavailable({ message, ...retryAfterMs })
    default:
      return error.isRetryable ? new Errors.ProviderUnavailable({ message, ...retryAfterMs }) : refusal(message)
  }
}

/**
 * When to come back. `effect/ai` has a field for it on rate limits alone: for others it is what a provider adds as
 * `retryAfterMs`.
 */
const retryAfterOf = ({ reason, retryAfter }: AiError): number | undefined => {
  if (retryAfter !== undefined) return Duration.toMillis(retryAfter)
  const added = "metadata" in reason ? Object.values(reason.metadata) : []
  for (const fields of added) {
    const wait = (fields as { readonly retryAfterMs?: unknown } | null | undefined)?.retryAfterMs
    if (typeof wait === "number" && Number.isFinite(wait) && wait >= 0) return wait
  }
  return undefined
}

/** What a reply used that could not be read, where the provider says so. */
const paid = ({ reason }: AiError): { readonly usage?: Usage } => {
  if (!("usage" in reason) || reason.usage === undefined) return {}
  const { completionTokens: outputTokens, promptTokens: inputTokens } = reason.usage
  return inputTokens === undefined || outputTokens === undefined
    ? {}
    : { usage: { ...noUsage, calls: 1, inputTokens, outputTokens } }
}

/** Why a request was refused; `effect/ai` has one error for all of these, so the provider's words must tell. */
const refusal = (message: string): Errors.TextModelError => {
  if (/context.{0,20}(length|window|size)|too long/i.test(message)) {
    return new Errors.ContextTooLong({ message, ...contextSizes(message) })
  }
  if (/\bmodel\b[^.:]{0,60}(not exist|not found|unknown)|unknown model/i.test(message))
    return new Errors.ModelUnknown({ message })
  return new Errors.InvalidRequest({ message })
}

/** What the provider's layer says of its model: to us, or else to `effect/ai`. */
const identityOf = (context: Context.Context<never>): Identity | undefined => {
  const provider = Context.getOption(context, Model.ProviderName)
  const model = Context.getOption(context, Model.ModelName)
  return Option.getOrElse(Context.getOption(context, ModelIdentity), () =>
    Option.isSome(provider) && Option.isSome(model)
      ? ModelIdentity.named({ provider: provider.value, model: model.value })
      : undefined
  )
}

/** @internal */
export const fromContext = (context: Context.Context<LanguageModel.LanguageModel>): Service => {
  const model = Context.get(context, LanguageModel.LanguageModel)
  return {
    identity: identityOf(context),
    complete: (request) =>
      complete(model, request).pipe(
        Effect.mapError((error) => (error._tag === "AiError" ? toError(error) : error)),
        Effect.provideService(Sampling.CurrentSampling, Sampling.of(request))
      )
  }
}
