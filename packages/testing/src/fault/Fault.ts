/**
 * What goes wrong with providers, as replies of the fault server: one constructor a fault. Combine with any reply where
 * the fault is in the delivery: `Fault.trickle(Reply.text("slow"))`.
 */
import { type Delivery, of, type Reply, raw, text } from "./Reply.ts"

const error = (status: number, message: string, fields: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  raw(status, { error: { message, type: "invalid_request_error", param: null, code: null, ...fields } }, headers)

const deliver =
  (delivery: Delivery) =>
  (reply: Reply = text("a reply that does not arrive whole")): Reply => ({ ...reply, delivery })

/** 429. `retryAfter` goes out as it is: seconds or an HTTP date. */
export const rateLimited = (headers: { readonly retryAfter?: string; readonly retryAfterMs?: number } = {}): Reply =>
  error(
    429,
    "Rate limit reached for requests",
    { type: "requests", code: "rate_limit_exceeded" },
    {
      ...(headers.retryAfter === undefined ? {} : { "retry-after": headers.retryAfter }),
      ...(headers.retryAfterMs === undefined ? {} : { "retry-after-ms": String(headers.retryAfterMs) })
    }
  )

/** 429 that no waiting cures: the account has no credit left. */
export const quotaExhausted: Reply = error(
  429,
  "You exceeded your current quota, please check your plan and billing.",
  {
    type: "insufficient_quota",
    code: "insufficient_quota"
  }
)

/** 500, 503, 529 or another status of a server in trouble. */
export const serverError = (status = 500, headers: Readonly<Record<string, string>> = {}): Reply =>
  error(status, "The server had an error while processing your request.", { type: "server_error" }, headers)

/** 401 with the key that was sent in its message. */
export const unauthorized: Reply = of({
  _tag: "Raw",
  status: 401,
  headers: { "content-type": "application/json" },
  body: (authorization) =>
    JSON.stringify({
      error: {
        message: `Incorrect API key provided: ${authorization.replace(/^Bearer /, "")}.`,
        type: "invalid_request_error",
        code: "invalid_api_key"
      }
    })
})

/** 403. */
export const forbidden: Reply = error(403, "You are not allowed to sample from this model.")

/** 400: prompt and reply do not fit. */
export const contextTooLong: Reply = error(
  400,
  "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
  { param: "messages", code: "context_length_exceeded" }
)

/** 404: no such model. */
export const modelUnknown = (model: string): Reply =>
  error(404, `The model \`${model}\` does not exist or you do not have access to it.`, { code: "model_not_found" })

/** 400 for any other reason. */
export const badRequest = (message: string): Reply => error(400, message)

/** A page of HTML with status 200, as proxies send. */
export const html: Reply = raw(200, "<!doctype html><html><body>Please sign in</body></html>", {
  "content-type": "text/html"
})

/** Status 200 and an error in the body, as some gateways send. */
export const errorWithStatus200 = (message: string, code: string | number): Reply =>
  raw(200, { error: { message, code } })

/** A completion without a choice. */
export const emptyChoices: Reply = text("", { choices: false })

/** A completion whose content is null. */
export const nullContent: Reply = text(null)

/** A reply withheld by the provider's filter. */
export const contentFiltered: Reply = text(null, { finishReason: "content_filter" })

/** A reply that ends at its token limit. */
export const cutByLength = (half: string): Reply => text(half, { finishReason: "length" })

/** The connection is reset before a header is sent. */
export const resetBeforeHeaders: Reply = deliver({ _tag: "ResetBeforeHeaders" })()

/** The connection is reset in the middle of the body. */
export const resetMidBody = deliver({ _tag: "ResetMidBody" })

/** Half of the JSON, status 200, properly ended. */
export const truncated = deliver({ _tag: "Truncated" })

/** One byte every `everyMs`. */
export const trickle = (reply: Reply, everyMs = 100): Reply => deliver({ _tag: "Trickle", everyMs })(reply)

/** No answer at all. */
export const hang: Reply = deliver({ _tag: "Hang" })()

/** Headers and half of the body, then nothing. */
export const stall = deliver({ _tag: "Stall" })

/** A reply of this size; `Infinity` never ends. Its length is announced in a header only when asked for. */
export const huge = (bytes: number, announced = false): Reply => of({ _tag: "Huge", bytes, announced })
