/**
 * What the replies of both APIs come to: their metadata, and the endings that are no reply.
 */
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { type CallSite, fail } from "./call.ts"
import * as Usage from "./usage.ts"

const string = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const timestamp = (created: unknown): string | undefined =>
  typeof created === "number"
    ? Option.getOrUndefined(Option.map(DateTime.make(created * 1000), DateTime.formatIso))
    : undefined

/** Who answered, when, and under which id, as far as the server says. */
export const metadata = (id: unknown, model: unknown, created: unknown): Response.ResponseMetadataPartEncoded => ({
  type: "response-metadata",
  id: string(id),
  modelId: string(model),
  timestamp: timestamp(created)
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
