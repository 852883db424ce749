/**
 * How much a call may use at most, known before it is made: what a budget sets aside for it.
 */
import type { Message, Part } from "../model/Message.ts"
import type { Request } from "../model/Request.ts"

// no tokenizer makes more than one token of a byte; role markers, the opening of the reply and the like come on top
const perMessage = 16
// providers put a few words of their own around a schema
const perSchema = 128
/** No bound but an estimate: providers count pictures by rules of their own. */
const perImage = 2000

const utf8 = new TextEncoder()
const bytes = (text: string): number => utf8.encode(text).length

const ofPart = (part: Part): number => (part.type === "text" ? bytes(part.text) : perImage)

const ofMessage = ({ content }: Message): number =>
  perMessage + (typeof content === "string" ? bytes(content) : content.reduce((total, part) => total + ofPart(part), 0))

/** Input tokens at most: no more than the bytes of its texts and schema, and a little for each message. */
export const inputTokens = ({ messages, output }: Request): number =>
  messages.reduce((total, message) => total + ofMessage(message), perMessage) +
  (output === undefined ? 0 : perSchema + bytes(output.name) + bytes(JSON.stringify(output.jsonSchema)))

/** Output tokens at most, where the request declares a maximum. */
export const outputTokens = ({ sampling }: Request): number | undefined => sampling?.maxOutputTokens

/** Output tokens at most of a reply that is there, from its text alone. */
export const ofText = (text: string): number => bytes(text) + perMessage
