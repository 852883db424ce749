/**
 * What went wrong with a call, read from the SDK's exception into plain data, with every word of the provider masked.
 */
import type { UsageInfo } from "effect/ai/AiError"
import type * as Duration from "effect/Duration"
import { APIConnectionError, APIError } from "openai/core/error"
import type { Service as Client } from "../client/OpenAiClient.ts"
import * as TooLarge from "../client/ReplyTooLarge.ts"
import { retryAfter } from "./retryAfter.ts"
import { field } from "./usage.ts"

/** A refusal or breakdown that the provider reported itself. */
export interface Reported {
  readonly _tag: "Reported"
  /** HTTP status, where there is one: errors inside a stream have none. */
  readonly status: number | undefined
  readonly code: string | undefined
  readonly type: string | undefined
  readonly param: string | undefined
  readonly message: string
  readonly requestId: string | undefined
  readonly retryAfter: Duration.Duration | undefined
}

/** The connection failed or broke off. */
export interface Broken {
  readonly _tag: "Broken"
  readonly message: string
}

/** Something came, but no reply that can be read. */
export interface Unreadable {
  readonly _tag: "Unreadable"
  readonly message: string
  /** What it used, where it says so all the same. */
  readonly usage?: typeof UsageInfo.Type | undefined
}

/** More came than the client reads. */
export interface TooLong {
  readonly _tag: "TooLong"
  readonly message: string
}

export type Failure = Reported | Broken | Unreadable | TooLong

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined

// enough to understand, too little to flood a terminal with a page of HTML
const shown = (client: Client, message: string): string => {
  if (/^\s*(\d{3} )?<(!doctype|html)/i.test(message)) return "a page of HTML, not an API"
  const masked = client.mask(message).replace(/\s+/g, " ").trim()
  return masked.length > 500 ? `${masked.slice(0, 500)}…` : masked
}

/** A body that should have been JSON, as far as it helps to understand what it was. */
export const notJson = (client: Client, body: string): Unreadable => {
  const start = shown(client, body.slice(0, 2000))
  const what = start === "" ? "it is empty" : start.length > 200 ? `${start.slice(0, 200)}…` : start
  return { _tag: "Unreadable", message: `the reply is not JSON: ${what}` }
}

const statusIn = (code: unknown): number | undefined =>
  typeof code === "number" && code >= 400 && code < 600 ? code : undefined

/** An error object as providers put it into a body or an event. */
export const reported = (
  client: Client,
  error: unknown,
  http: { readonly status?: number | undefined; readonly headers?: Headers | undefined; readonly now: number }
): Reported => {
  const masked = (value: unknown) => {
    const found = text(value)
    return found === undefined ? undefined : client.mask(found)
  }
  const code = field(error, "code")
  const message = text(field(error, "message")) ?? (typeof error === "string" ? error : undefined)
  return {
    _tag: "Reported",
    status: http.status ?? statusIn(code),
    code: masked(code),
    type: masked(field(error, "type")),
    param: masked(field(error, "param")),
    message: message === undefined ? "the provider gave no reason" : shown(client, message),
    requestId: masked(http.headers?.get("x-request-id")),
    retryAfter: retryAfter(http.headers, http.now)
  }
}

// "fetch failed" says nothing: the reason is in the innermost cause
const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error)

/** What the SDK threw. `now` in milliseconds since the epoch. */
export const read = (client: Client, error: unknown, now: number): Failure => {
  const tooLarge = TooLarge.find(error)
  if (tooLarge !== undefined) return { _tag: "TooLong", message: tooLarge.message }
  if (error instanceof APIConnectionError) {
    const cause = innermost(error)
    return {
      _tag: "Broken",
      message: shown(client, cause === error ? error.message : `${error.message} ${cause.message}`)
    }
  }
  if (error instanceof APIError) {
    // the body of an error may be no JSON object: then the SDK's message is all there is
    const body = typeof error.error === "object" && error.error !== null ? error.error : error.message
    return reported(client, body, { status: error.status, headers: error.headers, now })
  }
  if (error instanceof SyntaxError) return { _tag: "Unreadable", message: "the reply is not JSON" }
  const cause = error instanceof Error ? innermost(error) : undefined
  return { _tag: "Broken", message: shown(client, cause?.message ?? String(error)) }
}
