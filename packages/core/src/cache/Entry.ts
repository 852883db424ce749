/**
 * An entry of a cache as text: which format it is, its checksum, the whole question, and the reply. Only an entry that is
 * whole, of this format, and an answer to just this question is ever used.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Completion } from "../model/Completion.ts"
import { sha256 } from "../model/sha256.ts"

const format = "backprose-reply"

/** The version of this format. Entries of another one are not looked into. */
export const version = 1

const Body = Schema.fromJsonString(
  Schema.Struct({
    /** As `Key.question` writes it. */
    question: Schema.String,
    /** As it came, with what it cost then. */
    completion: Completion
  })
)

/**
 * Whether a reply may be given again: whole and with a text. An empty, cut or filtered one is worth another try, and a
 * call of a tool is no text.
 */
export const isKeepable = ({ finishReason, text }: Completion): boolean =>
  (finishReason === "stop" || finishReason === "unknown") && text.trim() !== ""

const encodeBody = Schema.encodeSync(Body)
const decodeBody = Schema.decodeUnknownResult(Body)

/** The text of an entry. */
export const encode = (question: string, completion: Completion): string => {
  const body = encodeBody({ question, completion })
  return `${format} ${version} ${sha256(body)}\n${body}`
}

/** What a text turned out to be. */
export type Read =
  | { readonly _tag: "Reply"; readonly completion: Completion }
  /** It was written by another version. */
  | { readonly _tag: "Foreign" }
  /** It is not what was written, or answers another question. */
  | { readonly _tag: "Damaged" }

const damaged: Read = { _tag: "Damaged" }
const foreign: Read = { _tag: "Foreign" }

/** The reply to a question, where the text is an entry that holds it. */
export const decode = (question: string, text: string): Read => {
  const end = text.indexOf("\n")
  const [name, number, checksum, ...more] = text.slice(0, Math.max(0, end)).split(" ")
  if (name !== format || more.length > 0 || number === undefined || !/^[1-9]\d{0,5}$/.test(number)) return damaged
  if (number !== `${version}`) return foreign
  const body = text.slice(end + 1)
  if (sha256(body) !== checksum) return damaged
  const read = decodeBody(body)
  if (Result.isFailure(read) || read.success.question !== question) return damaged
  const { completion } = read.success
  return isKeepable(completion) ? { _tag: "Reply", completion } : damaged
}
