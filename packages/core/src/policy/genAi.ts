/**
 * The words of the OpenTelemetry conventions for generative models, so that any backend for them reads our spans and
 * metrics without being told about us.
 */
import type { Completion, FinishReason } from "../model/Completion.ts"
import { type Message, text } from "../model/Message.ts"
import type { Identity } from "../model/ModelIdentity.ts"
import type { Request } from "../model/Request.ts"

/** Attributes of a span or of a metric. */
export interface Attributes {
  readonly [name: string]: string | number | ReadonlyArray<string>
}

/** What every span and metric of a model says. */
export const ofModel = (identity: Identity | undefined): { readonly [name: string]: string } => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": identity?.provider ?? "unknown",
  ...(identity === undefined ? {} : { "gen_ai.request.model": identity.model })
})

/** Where a model is, from its endpoint. */
export const ofServer = ({ endpoint }: Identity): Attributes => {
  const url = endpoint === undefined ? null : URL.parse(endpoint)
  if (url === null) return {}
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port)
  return { "server.address": url.hostname, "server.port": port }
}

const orNothing = (name: string, value: number | ReadonlyArray<string> | undefined): Attributes =>
  value === undefined ? {} : { [name]: value }

/** How the reply was to be drawn, and its shape. */
export const ofRequest = ({ output, sampling }: Request): Attributes => ({
  ...(output === undefined ? {} : { "gen_ai.output.type": "json" }),
  ...(sampling === undefined
    ? {}
    : {
        ...orNothing("gen_ai.request.temperature", sampling.temperature),
        ...orNothing("gen_ai.request.top_p", sampling.topP),
        ...orNothing("gen_ai.request.max_tokens", sampling.maxOutputTokens),
        ...orNothing("gen_ai.request.seed", sampling.seed),
        ...orNothing("gen_ai.request.stop_sequences", sampling.stop)
      })
})

const finishReasons: Record<FinishReason, string> = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter",
  "tool-calls": "tool_calls",
  unknown: "unknown"
}

/** What came back, without its text. */
export const ofCompletion = ({ finishReason, model, usage }: Completion): Attributes => ({
  "gen_ai.response.finish_reasons": [finishReasons[finishReason]],
  "gen_ai.usage.input_tokens": usage.inputTokens,
  "gen_ai.usage.output_tokens": usage.outputTokens,
  "gen_ai.usage.cache_read.input_tokens": usage.cachedInputTokens,
  ...(usage.usd === undefined ? {} : { "backprose.usage.usd": usage.usd }),
  ...(model === undefined ? {} : { "gen_ai.response.model": model })
})

const said = (message: Message) => ({ role: message.role, parts: [{ type: "text", content: text(message) }] })

/** The prompt; images as their places. */
export const promptOf = ({ messages }: Request): Attributes => ({
  "gen_ai.input.messages": JSON.stringify(messages.map(said))
})

/** The reply's text. */
export const replyOf = ({ finishReason, text }: Completion): Attributes => ({
  "gen_ai.output.messages": JSON.stringify([
    { role: "assistant", parts: [{ type: "text", content: text }], finish_reason: finishReasons[finishReason] }
  ])
})
