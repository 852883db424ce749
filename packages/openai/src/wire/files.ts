/**
 * Files of a user's message: a URL goes as it is, bytes and base64 text become a `data:` URL.
 */
import * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"

/** What a file is to a model, and where its bytes are. */
export interface SentFile {
  readonly kind: "image" | "document"
  readonly url: string
  readonly name: string
}

const href = (data: Prompt.FilePart["data"], mediaType: string): string => {
  if (data instanceof URL) return data.href
  if (typeof data !== "string") return `data:${mediaType};base64,${Base64.encode(data)}`
  return /^(data|https?):/i.test(data) ? data : `data:${mediaType};base64,${data}`
}

/** Images of any type and PDF documents can be sent; anything else is a typed error. */
export const sent = (module: string, part: Prompt.FilePart): Effect.Effect<SentFile, AiError.AiError> => {
  if (part.mediaType.startsWith("image/")) {
    // a model wants to know what it looks at: `image/*` says only that it is an image
    const mediaType = part.mediaType === "image/*" ? "image/jpeg" : part.mediaType
    return Effect.succeed({ kind: "image", url: href(part.data, mediaType), name: part.fileName ?? "image" })
  }
  if (part.mediaType === "application/pdf") {
    return Effect.succeed({
      kind: "document",
      url: href(part.data, part.mediaType),
      name: part.fileName ?? "document.pdf"
    })
  }
  return Effect.fail(
    AiError.make({
      module,
      method: "prompt",
      reason: new AiError.InvalidUserInputError({
        description: `a file of type ${part.mediaType} cannot be sent: only images and PDF documents can`
      })
    })
  )
}
