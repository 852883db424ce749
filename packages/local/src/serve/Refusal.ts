/**
 * Errors as OpenAI's clients read them: a status, and a body that says what was wrong.
 */
import type { TextModelError } from "@backprose/core"

export interface Refusal {
  readonly status: number
  readonly message: string
  /** As OpenAI names the kind of error. */
  readonly type: string
  readonly code?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const invalid = (message: string, status = 400): Refusal => ({ status, message, type: "invalid_request_error" })

/** What a failed model call means to a client: whether to wait, to change the request, or to give up. */
export const ofModelError = (error: TextModelError.TextModelError): Refusal => {
  const { message } = error
  switch (error._tag) {
    case "RateLimited": {
      const headers =
        error.retryAfterMs === undefined
          ? {}
          : { headers: { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)) } }
      return { status: 429, message, type: "rate_limit_error", ...headers }
    }
    case "QuotaExhausted":
    case "BudgetExceeded":
      return { status: 429, message, type: "insufficient_quota", code: "insufficient_quota" }
    case "Unauthorized":
      return { status: 401, message, type: "authentication_error" }
    case "ModelUnknown":
      return { ...invalid(message, 404), code: "model_not_found" }
    case "InvalidRequest":
      return invalid(message)
    case "ContextTooLong":
      return { ...invalid(message), code: "context_length_exceeded" }
    case "ContentFiltered":
      return { ...invalid(message), code: "content_filter" }
    case "TimedOut":
      return { status: 504, message, type: "server_error" }
    case "ProviderUnavailable":
      return { status: 503, message, type: "server_error" }
    default:
      return { status: 502, message, type: "server_error" }
  }
}

export const body = ({ message, type, code }: Refusal) => ({
  error: { message, type, param: null, code: code ?? null }
})
