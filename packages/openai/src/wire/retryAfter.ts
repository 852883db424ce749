/**
 * When a provider says to come back: `retry-after-ms`, or `retry-after` in seconds or as a date.
 */
import * as Duration from "effect/Duration"

const number = (text: string | null): number | undefined => {
  if (text === null || text.trim() === "") return undefined
  const value = Number(text)
  return Number.isFinite(value) ? Math.max(0, value) : undefined
}

/** `now` in milliseconds since the epoch: a date counts from there, one that has passed is no wait. */
export const retryAfter = (headers: Headers | undefined, now: number): Duration.Duration | undefined => {
  if (headers === undefined) return undefined
  const millis = number(headers.get("retry-after-ms"))
  if (millis !== undefined) return Duration.millis(millis)
  const text = headers.get("retry-after")
  const seconds = number(text)
  if (seconds !== undefined) return Duration.seconds(seconds)
  const date = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(date) ? undefined : Duration.millis(Math.max(0, date - now))
}
