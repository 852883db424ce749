/**
 * A prompt as the input items of the responses API.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type { OpenAI } from "openai"
import * as Files from "../wire/files.ts"
import { resultText } from "../wire/tools.ts"
import { field } from "../wire/usage.ts"

type Item = OpenAI.Responses.ResponseInputItem
type Content = OpenAI.Responses.ResponseInputContent

const userPart = (module: string, part: Prompt.UserMessagePart): Effect.Effect<Content, AiError> =>
  part.type === "text"
    ? Effect.succeed({ type: "input_text", text: part.text })
    : Effect.map(Files.sent(module, part), (file): Content => {
        if (file.kind === "image") return { type: "input_image", image_url: file.url, detail: "auto" }
        return file.url.startsWith("data:")
          ? { type: "input_file", filename: file.name, file_data: file.url }
          : { type: "input_file", file_url: file.url }
      })

// reasoning can be handed back only where it came with its encrypted content
const reasoning = (part: Prompt.ReasoningPart): ReadonlyArray<Item> => {
  const own = part.options["openai"]
  const id = field(own, "itemId")
  const encrypted = field(own, "encryptedContent")
  if (typeof id !== "string" || typeof encrypted !== "string") return []
  const summary = part.text === "" ? [] : [{ type: "summary_text" as const, text: part.text }]
  return [{ type: "reasoning", id, summary, encrypted_content: encrypted }]
}

const assistant = (message: Prompt.AssistantMessage): ReadonlyArray<Item> =>
  message.content.flatMap((part): ReadonlyArray<Item> => {
    switch (part.type) {
      case "text":
        return [{ role: "assistant", content: part.text }]
      case "reasoning":
        return reasoning(part)
      case "tool-call":
        return [{ type: "function_call", call_id: part.id, name: part.name, arguments: JSON.stringify(part.params) }]
      default:
        return []
    }
  })

const tool = (message: Prompt.ToolMessage): ReadonlyArray<Item> =>
  message.content.flatMap((part) =>
    part.type === "tool-result"
      ? [{ type: "function_call_output" as const, call_id: part.id, output: resultText(part.result) }]
      : []
  )

/** The items of a prompt, in order. Fails on a file that cannot be sent. */
export const input = Effect.fnUntraced(function* (
  module: string,
  prompt: Prompt.Prompt
): Effect.fn.Return<Array<Item>, AiError> {
  const out: Array<Item> = []
  for (const message of prompt.content) {
    switch (message.role) {
      case "system":
        out.push({ role: "system", content: message.content })
        break
      case "user":
        out.push({ role: "user", content: yield* Effect.forEach(message.content, (part) => userPart(module, part)) })
        break
      case "assistant":
        out.push(...assistant(message))
        break
      case "tool":
        out.push(...tool(message))
        break
    }
  }
  return out
})
