/**
 * Completions as OpenAI's clients read them: one body, or the events of a stream.
 */
import { Completion } from "@backprose/core"

/** What all events of one answer share. */
export interface Head {
  readonly id: string
  /** In seconds since 1970. */
  readonly created: number
  readonly model: string
}

const finishReasons: Readonly<Record<Completion.FinishReason, string>> = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter",
  "tool-calls": "tool_calls",
  unknown: "stop"
}

const usageOf = (completions: ReadonlyArray<Completion.Completion>) => {
  const usage = completions.map((completion) => completion.usage).reduce(Completion.addUsage, Completion.noUsage)
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens }
  }
}

/** The body of an answer that is not streamed. */
export const body = (head: Head, completions: ReadonlyArray<Completion.Completion>) => ({
  ...head,
  object: "chat.completion",
  choices: completions.map(({ text, finishReason }, index) => ({
    index,
    message: { role: "assistant", content: text, refusal: null },
    finish_reason: finishReasons[finishReason],
    logprobs: null
  })),
  usage: usageOf(completions)
})

/** The answer as server-sent events, each reply in one piece. */
export const events = (
  head: Head,
  completions: ReadonlyArray<Completion.Completion>,
  includeUsage: boolean
): string => {
  const chunk = (choices: ReadonlyArray<unknown>, rest?: object) => ({
    ...head,
    object: "chat.completion.chunk",
    choices,
    ...rest
  })
  const choice = (index: number, delta: object, finish_reason: string | null = null) =>
    chunk([{ index, delta, finish_reason }])
  const chunks = [
    ...completions.flatMap(({ text, finishReason }, index) => [
      choice(index, { role: "assistant", content: "" }),
      ...(text === "" ? [] : [choice(index, { content: text })]),
      choice(index, {}, finishReasons[finishReason])
    ]),
    ...(includeUsage ? [chunk([], { usage: usageOf(completions) })] : [])
  ]
  return [...chunks.map((value) => JSON.stringify(value)), "[DONE]"].map((data) => `data: ${data}\n\n`).join("")
}
