/**
 * A completion as chat completions put it on the wire: one JSON object, or server-sent events.
 */
import type { Completion } from "./Reply.ts"

const usageOf = ({ usage }: Completion) => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
  prompt_tokens_details: { cached_tokens: usage.cached },
  completion_tokens_details: { reasoning_tokens: usage.reasoning }
})

const head = (id: string, object: string, model: string) => ({ id, object, created: 1_700_000_000, model })

const toolCallsOf = (completion: Completion) =>
  completion.toolCalls.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: call.arguments }
  }))

/** @internal */
export const body = (completion: Completion, id: string, model: string) => ({
  ...head(id, "chat.completion", completion.model ?? model),
  choices: completion.choices
    ? [
        {
          index: 0,
          finish_reason: completion.finishReason,
          message: {
            role: "assistant",
            content: completion.text,
            refusal: completion.refusal ?? null,
            ...(completion.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(completion) })
          }
        }
      ]
    : [],
  usage: usageOf(completion)
})

/** The pieces a text is streamed in: words, with the space before them. */
export const pieces = (text: string): ReadonlyArray<string> => text.match(/\s*\S+|\s+$/g) ?? []

/** @internal */
export const events = (
  completion: Completion,
  id: string,
  model: string,
  includeUsage: boolean
): ReadonlyArray<object> => {
  const chunk = (fields: object) => ({ ...head(id, "chat.completion.chunk", completion.model ?? model), ...fields })
  const delta = (delta: object, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason }] })
  const choices = completion.choices
    ? [
        delta({ role: "assistant" }),
        ...pieces(completion.text ?? "").map((content) => delta({ content })),
        ...(completion.refusal === undefined ? [] : [delta({ refusal: completion.refusal })]),
        ...completion.toolCalls.flatMap((call, index) => {
          const half = Math.ceil(call.arguments.length / 2)
          const first = { index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }
          return [
            delta({ tool_calls: [first] }),
            delta({ tool_calls: [{ index, function: { arguments: call.arguments.slice(0, half) } }] }),
            delta({ tool_calls: [{ index, function: { arguments: call.arguments.slice(half) } }] })
          ]
        }),
        delta({}, completion.finishReason)
      ]
    : []
  return includeUsage ? [...choices, chunk({ choices: [], usage: usageOf(completion) })] : choices
}
