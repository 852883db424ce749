/**
 * The one text in which TextGrad logs a forward call, cut up into its parts.
 */
import type { Call } from "./Account.ts"

type Parts = Pick<Call, "system" | "prompt" | "response" | "isAmbiguous">

/**
 * Its marks may stand in the parts themselves. The system prompt then ends at the first that can end it, and the reply
 * begins at the last: what was said before is handed on as input more often than it is said again.
 */
export const ofCall = (text: string): Parts => {
  const body = text.replace(/^System:/, "")
  const [query, reply] = [body.indexOf("\nQuery: "), body.lastIndexOf("\nResponse: ")]
  if (query < 0 || reply < query) return { prompt: text }
  const ambiguous = body.lastIndexOf("\nQuery: ", reply - 1) > query || body.indexOf("\nResponse: ", query) < reply
  return {
    ...system(body.slice(0, query)),
    prompt: body.slice(query + "\nQuery: ".length, reply),
    response: body.slice(reply + "\nResponse: ".length),
    ...(ambiguous ? { isAmbiguous: true } : {})
  }
}

/** A call with images: the log has no reply of it. */
export const ofMultimodal = (text: string): Parts => {
  const body = text.replace(/^System:/, "")
  const list = body.indexOf("\n[")
  return list < 0 ? { prompt: text } : { ...system(body.slice(0, list)), prompt: body.slice(list + 1) }
}

/** A function of the program. */
export const ofFunction = (text: string): Parts => {
  const out = text.lastIndexOf(", Out: ")
  return out < 0
    ? { prompt: text }
    : { prompt: text.slice(0, out).replace(/^In: /, ""), response: text.slice(out + ", Out: ".length) }
}

const system = (text: string): Parts => (text === "None" ? {} : { system: text })
