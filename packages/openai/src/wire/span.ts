/**
 * What a call was and what it cost, on its span, under the names of the OpenTelemetry conventions.
 */
import type * as Response from "effect/ai/Response"
import type { Span } from "effect/Tracer"

type Part = Response.PartEncoded | Response.StreamPartEncoded

/** Writes model, ending and usage. Straight to the span: `addGenAIAnnotations` costs more than reading the reply. */
export const annotate = (span: Span, model: string, parts: ReadonlyArray<Part>): void => {
  if (!span.sampled) return
  span.attribute("gen_ai.provider.name", "openai")
  span.attribute("gen_ai.operation.name", "chat")
  span.attribute("gen_ai.request.model", model)
  for (const part of parts) {
    if (part.type === "response-metadata") {
      span.attribute("gen_ai.response.id", part.id)
      span.attribute("gen_ai.response.model", part.modelId)
    } else if (part.type === "finish") {
      span.attribute("gen_ai.response.finish_reasons", [part.reason])
      span.attribute("gen_ai.usage.input_tokens", part.usage.inputTokens.total)
      span.attribute("gen_ai.usage.output_tokens", part.usage.outputTokens.total)
    }
  }
}
