/**
 * A response of the responses API as parts of a response of `effect/ai`.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type CallSite, type Decoder, failed } from "../wire/call.ts"
import * as Outcome from "../wire/outcome.ts"
import { params } from "../wire/tools.ts"
import * as Usage from "../wire/usage.ts"

const optionalString = Schema.optionalKey(Schema.NullOr(Schema.String))

const Content = Schema.Struct({ type: Schema.String, text: optionalString, refusal: optionalString })

/** An item of the output; which fields it has depends on its type. */
export const Item = Schema.Struct({
  type: Schema.String,
  id: optionalString,
  /** Of a message. */
  content: Schema.optionalKey(Schema.NullOr(Schema.Array(Content))),
  /** Of a function call. */
  call_id: optionalString,
  name: optionalString,
  arguments: Schema.optionalKey(Schema.Unknown),
  /** Of reasoning. */
  summary: Schema.optionalKey(Schema.NullOr(Schema.Array(Content))),
  encrypted_content: optionalString
})
export type Item = typeof Item.Type

/** What is read of a response. */
export const Reply = Schema.Struct({
  id: Schema.optionalKey(Schema.Unknown),
  model: Schema.optionalKey(Schema.Unknown),
  status: optionalString,
  error: Schema.optionalKey(Schema.Unknown),
  incomplete_details: Schema.optionalKey(Schema.NullOr(Schema.Struct({ reason: optionalString }))),
  output: Schema.Array(Item),
  usage: Schema.optionalKey(Schema.Unknown)
})
export type Reply = typeof Reply.Type

/** @internal */
export const decoder: Decoder<Reply> = Schema.decodeUnknownResult(Reply)

/** @internal */
export const usage = (counts: unknown): typeof Response.Usage.Encoded => {
  const input = Usage.field(counts, "input_tokens_details")
  return Usage.usage({
    input: Usage.field(counts, "input_tokens"),
    cached: Usage.field(input, "cached_tokens"),
    cacheWrite: Usage.field(input, "cache_write_tokens"),
    output: Usage.field(counts, "output_tokens"),
    reasoning: Usage.field(Usage.field(counts, "output_tokens_details"), "reasoning_tokens")
  })
}

const refusalIn = (item: Item): string | undefined =>
  item.content?.find((content) => content.type === "refusal")?.refusal ?? undefined

/** The refusal in a response, if the model refused. */
export const refusal = (reply: Reply): string | undefined =>
  reply.output.map(refusalIn).find((text) => text !== undefined)

/** @internal */
export const finishReason = (reply: Reply): Response.FinishReason => {
  if (refusal(reply) !== undefined) return "content-filter"
  if (reply.status === "incomplete") {
    const reason = reply.incomplete_details?.reason
    return reason === "max_output_tokens" ? "length" : reason === "content_filter" ? "content-filter" : "unknown"
  }
  return reply.output.some((item) => item.type === "function_call") ? "tool-calls" : "stop"
}

/** Where a reasoning item came from, so that it can be handed back. */
export const reasoningMetadata = (item: Item) => ({
  openai: { itemId: item.id ?? null, encryptedContent: item.encrypted_content ?? null }
})

/** @internal */
export const toolCall = (site: CallSite, item: Item): Effect.Effect<Response.ToolCallPartEncoded, AiError> => {
  const name = item.name ?? ""
  return Effect.map(params(site.module, name, item.arguments), (params) => ({
    type: "tool-call",
    id: item.call_id ?? item.id ?? "",
    name,
    params
  }))
}

const itemParts = (site: CallSite, item: Item): Effect.Effect<ReadonlyArray<Response.PartEncoded>, AiError> => {
  switch (item.type) {
    case "message": {
      const text = (item.content ?? []).map((content) => content.text ?? content.refusal ?? "").join("")
      return Effect.succeed(text === "" ? [] : [{ type: "text", text }])
    }
    case "reasoning": {
      const text = (item.summary ?? []).map((content) => content.text ?? "").join("\n")
      return Effect.succeed([{ type: "reasoning", text, metadata: reasoningMetadata(item) }])
    }
    case "function_call":
      return Effect.map(toolCall(site, item), (part) => [part])
    default:
      return Effect.succeed([])
  }
}

/** A response that the provider gave up on, as the error it names. */
export const gaveUp = (site: CallSite, reply: { readonly error?: unknown }) =>
  failed(site, reply.error ?? "the provider gave up on the response")

/** @internal */
export const parts = Effect.fnUntraced(function* (
  site: CallSite,
  reply: Reply,
  structured: boolean
): Effect.fn.Return<Array<Response.PartEncoded>, AiError> {
  if (reply.status === "failed" || reply.status === "cancelled") return yield* gaveUp(site, reply)
  const used = usage(reply.usage)
  const reason = finishReason(reply)
  if (structured && reason === "content-filter") return yield* Outcome.filtered(site, refusal(reply))
  if (Outcome.isWhole(reason) && !reply.output.some((item) => item.type === "message")) {
    return yield* Outcome.empty(site, "the response has no message", used)
  }
  const output = yield* Effect.forEach(reply.output, (item) => itemParts(site, item))
  return [
    Outcome.metadata(reply.id, reply.model),
    ...output.flat(),
    { type: "finish", reason, usage: used, ...Usage.cost(reply.usage) }
  ]
})
