/**
 * A prompt as chat completions want it.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type { OpenAI } from "openai"
import * as Files from "../wire/files.ts"
import { resultText } from "../wire/tools.ts"

type Message = OpenAI.Chat.ChatCompletionMessageParam
type UserPart = OpenAI.Chat.ChatCompletionContentPart

const userPart = (module: string, part: Prompt.UserMessagePart): Effect.Effect<UserPart, AiError> =>
  part.type === "text"
    ? Effect.succeed({ type: "text", text: part.text })
    : Effect.map(Files.sent(module, part), (file) =>
        file.kind === "image"
          ? { type: "image_url", image_url: { url: file.url } }
          : { type: "file", file: { filename: file.name, file_data: file.url } }
      )

const user = (module: string, message: Prompt.UserMessage): Effect.Effect<Message, AiError> => {
  const only = message.content[0]
  // plain text stays a string: some servers know no parts
  if (message.content.length === 1 && only?.type === "text") {
    return Effect.succeed({ role: "user", content: only.text })
  }
  return Effect.map(
    Effect.forEach(message.content, (part) => userPart(module, part)),
    (content) => ({ role: "user", content })
  )
}

const assistant = (message: Prompt.AssistantMessage): Message => {
  const text = message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("")
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [
          {
            id: part.id,
            type: "function" as const,
            function: { name: part.name, arguments: JSON.stringify(part.params) }
          }
        ]
      : []
  )
  return calls.length === 0
    ? { role: "assistant", content: text }
    : { role: "assistant", content: text === "" ? null : text, tool_calls: calls }
}

const tool = (message: Prompt.ToolMessage): ReadonlyArray<Message> =>
  message.content.flatMap((part) =>
    part.type === "tool-result"
      ? [{ role: "tool" as const, tool_call_id: part.id, content: resultText(part.result) }]
      : []
  )

/** The messages of a prompt, in order. Fails on a file that cannot be sent. */
export const messages = Effect.fnUntraced(function* (
  module: string,
  prompt: Prompt.Prompt
): Effect.fn.Return<Array<Message>, AiError> {
  const out: Array<Message> = []
  for (const message of prompt.content) {
    switch (message.role) {
      case "system":
        out.push({ role: "system", content: message.content })
        break
      case "user":
        out.push(yield* user(module, message))
        break
      case "assistant":
        out.push(assistant(message))
        break
      case "tool":
        out.push(...tool(message))
        break
    }
  }
  return out
})
