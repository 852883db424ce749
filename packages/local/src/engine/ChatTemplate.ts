/**
 * Messages as the tokens the model was trained to see: by the chat template inside its own file.
 */
import { Message } from "@backprose/core"
import type { ChatHistoryItem, LlamaModel, Token } from "node-llama-cpp"
import type { Module } from "./Llama.ts"

export type Render = (messages: ReadonlyArray<Message.Message>) => ReadonlyArray<Token>

const toItem = (message: Message.Message): ChatHistoryItem =>
  message.role === "assistant"
    ? { type: "model", response: [Message.text(message)] }
    : { type: message.role, text: Message.text(message) }

/** Special tokens written inside a message's text stay text: no message can end its own turn. */
export const make = (module: Module, model: LlamaModel): Render => {
  const template = model.fileInfo.metadata.tokenizer.chat_template
  const wrapper =
    template === undefined
      ? module.resolveChatWrapper(model)
      : new module.JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer })
  return (messages) =>
    wrapper
      .generateContextState({ chatHistory: [...messages.map(toItem), { type: "model", response: [] }] })
      .contextText.tokenize(model.tokenizer)
}
