/**
 * What a call was and what it cost, on its span, in the words of the OpenTelemetry conventions.
 */
import type * as Response from "effect/ai/Response"
import { addGenAIAnnotations } from "effect/ai/Telemetry"
import type { Span } from "effect/Tracer"

type Part = Response.PartEncoded | Response.StreamPartEncoded

/** Writes model, ending and usage; a span that nobody records is left alone. */
export const annotate = (span: Span, model: string, parts: ReadonlyArray<Part>): void => {
  if (!span.sampled) return
  const metadata = parts.find((part) => part.type === "response-metadata")
  const finish = parts.find((part) => part.type === "finish")
  addGenAIAnnotations(span, {
    provider: { name: "openai" },
    operation: { name: "chat" },
    request: { model },
    response: { id: metadata?.id, model: metadata?.modelId, finishReasons: finish && [finish.reason] },
    usage: { inputTokens: finish?.usage.inputTokens.total, outputTokens: finish?.usage.outputTokens.total }
  })
}
