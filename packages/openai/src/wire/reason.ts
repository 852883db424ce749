/**
 * Failures of a call as the reasons of an `AiError`: what may go away by itself is retryable, what needs a person is not.
 */
import * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import type { Service as Client } from "../client/OpenAiClient.ts"
import type { Failure, Reported } from "./failure.ts"

/** The call that failed. */
export interface CallSite {
  readonly client: Client
  readonly module: string
  readonly method: string
  readonly model: string
  readonly path: string
}

const quota = new Set(["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"])
const filtered = new Set(["content_filter", "content_policy_violation"])
const transient = new Set([408, 409, 425])

const tooLong = (failure: Reported): boolean =>
  failure.code === "context_length_exceeded" ||
  ((failure.status === undefined || failure.status < 429) &&
    /context.{0,20}(length|window|size)|(prompt|input|request) (is )?too (long|large)/i.test(failure.message))

const metadata = (failure: Reported) => ({
  openai: {
    status: failure.status ?? null,
    code: failure.code ?? null,
    requestId: failure.requestId ?? null,
    message: failure.message,
    retryAfterMs: failure.retryAfter === undefined ? null : Duration.toMillis(failure.retryAfter)
  }
})

const authentication = (failure: Reported, site: CallSite): AiError.AiErrorReason =>
  new AiError.AuthenticationError({
    kind: failure.status === 403 ? "InsufficientPermissions" : site.client.hasKey ? "InvalidKey" : "MissingKey",
    description: failure.message,
    metadata: metadata(failure)
  })

/** Where the server is, without a query: people put keys into those. */
const shown = (site: CallSite): string => site.client.baseUrl.replace(/[?#].*$/s, "").replace(/\/$/, "")

const unknownModel = (failure: Reported, site: CallSite): AiError.AiErrorReason =>
  new AiError.InvalidRequestError({
    parameter: "model",
    description: `model not found: "${site.model}", or no API at ${shown(site)} (${failure.message})`,
    metadata: metadata(failure)
  })

const reported = (failure: Reported, site: CallSite): AiError.AiErrorReason => {
  const { code, message, status, type } = failure
  const common = { metadata: metadata(failure) }
  if (quota.has(code ?? "") || quota.has(type ?? "") || status === 402) return new AiError.QuotaExhaustedError(common)
  if (status === 401 || status === 403 || code === "invalid_api_key") return authentication(failure, site)
  if (status === 429 || code === "rate_limit_exceeded") {
    return new AiError.RateLimitError({
      ...common,
      ...(failure.retryAfter === undefined ? {} : { retryAfter: failure.retryAfter })
    })
  }
  if (filtered.has(code ?? "")) return new AiError.ContentPolicyError({ ...common, description: message })
  if (tooLong(failure)) {
    return new AiError.InvalidRequestError({ ...common, description: `context length exceeded: ${message}` })
  }
  if (status === 404 || code === "model_not_found") return unknownModel(failure, site)
  if (status === undefined || status >= 500 || transient.has(status)) {
    const prefix = status === undefined ? "" : `HTTP ${status}: `
    return new AiError.InternalProviderError({ ...common, description: `${prefix}${message}` })
  }
  return new AiError.InvalidRequestError({
    ...common,
    description: `HTTP ${status}: ${message}`,
    ...(failure.param === undefined ? {} : { parameter: failure.param })
  })
}

/** The reason of a failure. */
export const of = (failure: Failure, site: CallSite): AiError.AiErrorReason => {
  switch (failure._tag) {
    case "Reported":
      return reported(failure, site)
    case "Broken":
      return new AiError.NetworkError({
        reason: "TransportError",
        method: "POST",
        url: site.client.mask(`${shown(site)}${site.path}`),
        description: failure.message
      })
    case "Unreadable":
      // a status that says yes and a body that is no reply: it may have been paid for, so another try is another draw
      return new AiError.InvalidOutputError({ description: failure.message, usage: failure.usage })
    case "TooLong":
      return new AiError.InvalidResponseError({ description: failure.message })
  }
}
