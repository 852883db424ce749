/**
 * One turn of a prompt: who speaks, and what is said as text or as parts.
 */
import * as Schema from "effect/Schema"

/** A piece of text inside a message of several parts. */
export const TextPart = Schema.Struct({ type: Schema.tag("text"), text: Schema.String })

/** An image inside a message: a URL, or a `data:` URL that carries the bytes. */
export const ImagePart = Schema.Struct({ type: Schema.tag("image"), mediaType: Schema.String, url: Schema.String })

/** What a message of several parts is made of. */
export const Part = Schema.Union([TextPart, ImagePart])
export type Part = typeof Part.Type

/** One turn. A plain string is by far the common case; parts are for images. */
export const Message = Schema.Struct({
  role: Schema.Literals(["system", "user", "assistant"]),
  content: Schema.Union([Schema.String, Schema.Array(Part)])
})
export type Message = typeof Message.Type

/** Instructions to the model. Most providers want them first, and once. */
export const system = (content: string): Message => ({ role: "system", content })
/** What the model is asked: a text, or parts where there are images. */
export const user = (content: string | ReadonlyArray<Part>): Message => ({ role: "user", content })
/** What the model said: an earlier turn, or a worked example of how to answer. */
export const assistant = (content: string): Message => ({ role: "assistant", content })

/** The text of a message; an image is shown as its place. */
export const text = (message: Message): string =>
  typeof message.content === "string"
    ? message.content
    : message.content.map((part) => (part.type === "text" ? part.text : `[image ${part.mediaType}]`)).join("")
