/**
 * What the replies of both APIs come to: their metadata, and the endings that are no reply.
 */
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import { type CallSite, fail } from "./call.ts"
import * as Usage from "./usage.ts"

const string = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Who answered and under which id, as far as the server says. Not when: that is on the span, and costs as much as the rest. */
export const metadata = (id: unknown, model: unknown): Response.ResponseMetadataPartEncoded => ({
  type: "response-metadata",
  id: string(id),
  modelId: string(model)
})

/** Whether a reply that ended like this should have said something. */
export const isWhole = (reason: Response.FinishReason): boolean => reason === "stop" || reason === "unknown"

/** The model was asked and said nothing at all: another draw may. It was paid for. */
export const empty = (site: CallSite, what: string, usage: typeof Response.Usage.Encoded): AiError.AiError =>
  fail(site, new AiError.InvalidOutputError({ description: `empty reply: ${what}`, usage: Usage.info(usage) }))

/** A filter, or the model itself, withheld the object that was asked for. */
export const filtered = (site: CallSite, refusal: string | undefined): AiError.AiError =>
  fail(
    site,
    new AiError.ContentPolicyError({
      description: refusal === undefined ? "the provider's filter withheld the reply" : `the model refused: ${refusal}`
    })
  )

/** A stream that ended before it said that it ends. */
export const brokenOff = (site: CallSite): AiError.AiError =>
  fail(site, new AiError.InternalProviderError({ description: "the stream ended before the reply was whole" }))
