/**
 * A failure as one line for people: what is wrong and where, without stack traces, harmless for a terminal.
 */
import { ConfigError } from "effect/Config"
import * as Sanitize from "../terminal/Sanitize.ts"

const messageOf = (error: unknown): string => {
  // its own message is the name of another error's class
  if (error instanceof ConfigError) return error.cause.message
  if (typeof error !== "object" || error === null) return String(error)
  const message = "message" in error && typeof error.message === "string" ? error.message : ""
  return message !== "" ? message : "_tag" in error ? String(error._tag) : String(error)
}

// a provider's message may quote the whole base URL, whose query may hold a secret
const withoutQueries = (text: string): string => text.replaceAll(/(https?:\/\/[^\s?#]+)\?[^\s)"']*/g, "$1")

/** Most messages are a sentence; one that lists what was tried keeps its lines. */
export const describe = (error: unknown): string => {
  const message = withoutQueries(messageOf(error))
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined
  return tag === "WeightsUnavailable" ? Sanitize.text(message) : Sanitize.line(message)
}
