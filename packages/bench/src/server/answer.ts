/**
 * What the loopback provider says: a text of 46 tokens that depends on the prompt, in the shape that was asked for.
 */
import { createHash } from "node:crypto"
import { sample } from "./sample.ts"

interface ChatBody {
  readonly messages?: ReadonlyArray<{ readonly content?: string | ReadonlyArray<{ readonly text?: string }> | null }>
  readonly response_format?: { readonly json_schema?: { readonly schema?: object } }
}

/** Four characters count as a token, for every client alike. */
export const tokens = (text: string): number => Math.ceil(text.length / 4)

/** All words of a request's messages. Its schema, where there is one, is counted apart. */
export const promptOf = (body: ChatBody): string =>
  (body.messages ?? [])
    .map(({ content }) =>
      typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("\n")
    )
    .join("\n")

export const schemaOf = (body: ChatBody): object | undefined => body.response_format?.json_schema?.schema

const filling = "the answer should say how it was found and name its source; ".repeat(3).slice(0, 160)

// clients that ask for a tag around the new value, as TextGrad does, get one
const tag = "IMPROVED_VARIABLE"

/** The same prompt gets the same words. */
export const answer = (body: ChatBody): string => {
  const prompt = promptOf(body)
  const words = `Reply ${createHash("sha256").update(prompt).digest("hex").slice(0, 16)}: ${filling}`
  const schema = schemaOf(body)
  if (schema !== undefined) return JSON.stringify(sample(schema, words))
  return prompt.includes(`</${tag}>`) ? `<${tag}>${words}</${tag}>` : words
}
