/**
 * What a prompt template gives: instructions that stay the same from call to call, and the data of this call.
 * The fixed part comes first, so that providers and the embedded model can keep it.
 */
import * as Message from "../model/Message.ts"

export interface Prompt {
  readonly system: string
  /** A case worked through beforehand: small models follow a shown example far better than a description. */
  readonly example?: { readonly user: string; readonly reply: string }
  readonly user: string
}

/** The messages of a prompt; images of the call under discussion come after the words. */
export const messages = (prompt: Prompt, images: ReadonlyArray<Message.Part> = []): ReadonlyArray<Message.Message> => [
  Message.system(prompt.system),
  ...(prompt.example === undefined ? [] : [Message.user(prompt.example.user), Message.assistant(prompt.example.reply)]),
  Message.user(images.length === 0 ? prompt.user : [{ type: "text", text: prompt.user }, ...images])
]
