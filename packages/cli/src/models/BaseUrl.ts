/**
 * Base URLs may carry secrets: those in front of the host are refused, those in the query are never shown.
 */
import * as Effect from "effect/Effect"
import { OptionInvalid } from "../exit/errors.ts"

/** The text as it was given, where it is usable. `from` is the flag or variable; the value itself is never repeated. */
export const checked = (text: string, from: string): Effect.Effect<string, OptionInvalid> => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse(`${from} is no http or https URL, as in http://127.0.0.1:8080/v1`)
  }
  return url.username === "" && url.password === ""
    ? Effect.succeed(text)
    : refuse(`${from} must not contain a user name or password: set OPENAI_API_KEY instead`)
}

const refuse = (message: string) => Effect.fail(new OptionInvalid({ message }))

/** What may be printed and kept of a checked URL: origin and path. */
export const shown = (baseUrl: string): string => {
  const { origin, pathname } = new URL(baseUrl)
  return `${origin}${pathname.replace(/\/+$/, "")}`
}
