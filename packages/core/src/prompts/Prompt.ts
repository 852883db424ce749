/**
 * What a prompt template gives: instructions that stay the same from call to call, and the data of this call.
 * The fixed part comes first, so that providers and the embedded model can keep it.
 */
import * as Message from "../model/Message.ts"

export interface Prompt {
  readonly system: string
  readonly user: string
}

/** The messages of a prompt; images of the call under discussion come after the words. */
export const messages = (prompt: Prompt, images: ReadonlyArray<Message.Part> = []): ReadonlyArray<Message.Message> => [
  Message.system(prompt.system),
  Message.user(images.length === 0 ? prompt.user : [{ type: "text", text: prompt.user }, ...images])
]
