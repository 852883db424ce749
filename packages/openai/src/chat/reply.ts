/**
 * A chat completion as parts of a response. Compatible servers leave out much of what the API documents, so only what is
 * needed is insisted on.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CallSite, Decoder } from "../wire/call.ts"
import * as Outcome from "../wire/outcome.ts"
import { params } from "../wire/tools.ts"
import * as Usage from "../wire/usage.ts"

const ToolCall = Schema.Struct({
  id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  function: Schema.Struct({ name: Schema.String, arguments: Schema.optionalKey(Schema.Unknown) })
})

const Message = Schema.Struct({
  content: Schema.optionalKey(Schema.Unknown),
  refusal: Schema.optionalKey(Schema.NullOr(Schema.String)),
  /** What some servers of reasoning models add. */
  reasoning_content: Schema.optionalKey(Schema.NullOr(Schema.String)),
  tool_calls: Schema.optionalKey(Schema.NullOr(Schema.Array(ToolCall)))
})

const Reply = Schema.Struct({
  id: Schema.optionalKey(Schema.Unknown),
  model: Schema.optionalKey(Schema.Unknown),
  usage: Schema.optionalKey(Schema.Unknown),
  choices: Schema.Array(
    Schema.Struct({ finish_reason: Schema.optionalKey(Schema.NullOr(Schema.String)), message: Message })
  )
})
type Reply = typeof Reply.Type

/** @internal */
export const decoder: Decoder<Reply> = Schema.decodeUnknownResult(Reply)

/** The text of a message: a string, or what some servers send, a list of parts. `undefined` when there is none. */
export const textOf = (content: unknown): string | undefined => {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return undefined
  return content.flatMap((part) => (typeof part?.text === "string" ? [part.text as string] : [])).join("")
}

/** @internal */
export const usage = (counts: unknown): typeof Response.Usage.Encoded => {
  const input = Usage.field(counts, "prompt_tokens_details")
  return Usage.usage({
    input: Usage.field(counts, "prompt_tokens"),
    cached: Usage.field(input, "cached_tokens"),
    cacheWrite: Usage.field(input, "cache_write_tokens"),
    output: Usage.field(counts, "completion_tokens"),
    reasoning: Usage.field(Usage.field(counts, "completion_tokens_details"), "reasoning_tokens")
  })
}

/** @internal */
export const finishReason = (reason: string | null | undefined): Response.FinishReason => {
  switch (reason) {
    case "stop":
    case "length":
      return reason
    case "content_filter":
      return "content-filter"
    case "tool_calls":
    case "function_call":
      return "tool-calls"
    default:
      return "unknown"
  }
}

/** @internal */
export const parts = Effect.fnUntraced(function* (
  site: CallSite,
  reply: Reply,
  structured: boolean
): Effect.fn.Return<Array<Response.PartEncoded>, AiError> {
  const used = usage(reply.usage)
  const choice = reply.choices[0]
  if (choice === undefined) return yield* Outcome.empty(site, "the reply has no choice", used)
  const { message } = choice
  const refusal = message.refusal ?? undefined
  const text = textOf(message.content)
  const calls = message.tool_calls ?? []
  const reason = refusal === undefined ? finishReason(choice.finish_reason) : "content-filter"
  if (structured && reason === "content-filter") return yield* Outcome.filtered(site, refusal)
  if (text === undefined && refusal === undefined && calls.length === 0 && Outcome.isWhole(reason)) {
    return yield* Outcome.empty(site, "the reply has no content", used)
  }
  const out: Array<Response.PartEncoded> = [Outcome.metadata(reply.id, reply.model)]
  if (message.reasoning_content) out.push({ type: "reasoning", text: message.reasoning_content })
  const said = text === undefined || text === "" ? refusal : text
  if (said !== undefined) out.push({ type: "text", text: said })
  for (const [index, call] of calls.entries()) {
    const { name } = call.function
    out.push({
      type: "tool-call",
      id: call.id ?? `call_${index}`,
      name,
      params: yield* params(site.module, name, call.function.arguments)
    })
  }
  const ending = calls.length > 0 && reason === "stop" ? "tool-calls" : reason
  out.push({ type: "finish", reason: ending, usage: used, ...Usage.cost(reply.usage) })
  return out
})
