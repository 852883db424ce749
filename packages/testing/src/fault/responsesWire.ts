/**
 * A completion as the responses API puts it on the wire: one JSON object, or typed server-sent events.
 */
import { pieces } from "./chatWire.ts"
import type { Completion } from "./Reply.ts"

const incomplete = (completion: Completion) =>
  completion.finishReason === "length"
    ? { reason: "max_output_tokens" }
    : completion.finishReason === "content_filter"
      ? { reason: "content_filter" }
      : null

const items = (completion: Completion) => {
  if (!completion.choices) return []
  const content =
    completion.refusal === undefined
      ? { type: "output_text", text: completion.text ?? "", annotations: [] }
      : { type: "refusal", refusal: completion.refusal }
  const message = { id: "msg_1", type: "message", role: "assistant", status: "completed", content: [content] }
  const calls = completion.toolCalls.map((call) => ({
    id: `fc_${call.id}`,
    type: "function_call",
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status: "completed"
  }))
  return completion.text === null && completion.refusal === undefined ? calls : [message, ...calls]
}

/** @internal */
export const body = (completion: Completion, id: string, model: string) => ({
  id,
  object: "response",
  created_at: 1_700_000_000,
  model: completion.model ?? model,
  status: incomplete(completion) === null ? "completed" : "incomplete",
  incomplete_details: incomplete(completion),
  error: null,
  output: items(completion),
  usage: {
    input_tokens: completion.usage.input,
    input_tokens_details: { cached_tokens: completion.usage.cached },
    output_tokens: completion.usage.output,
    output_tokens_details: { reasoning_tokens: completion.usage.reasoning },
    total_tokens: completion.usage.input + completion.usage.output
  }
})

/** @internal */
export const events = (completion: Completion, id: string, model: string): ReadonlyArray<object> => {
  const whole = body(completion, id, model)
  const started = { ...whole, status: "in_progress", output: [], usage: null }
  const output = whole.output.flatMap((item, output_index) => {
    const place = { item_id: item.id, output_index }
    const added = { type: "response.output_item.added", output_index, item: { ...item, status: "in_progress" } }
    const deltas =
      "arguments" in item
        ? [{ type: "response.function_call_arguments.delta", ...place, delta: item.arguments }]
        : completion.refusal === undefined
          ? pieces(completion.text ?? "").map((delta) => ({ type: "response.output_text.delta", ...place, delta }))
          : [{ type: "response.refusal.delta", ...place, delta: completion.refusal }]
    return [added, ...deltas, { type: "response.output_item.done", output_index, item }]
  })
  return [
    { type: "response.created", response: started },
    ...output,
    { type: whole.status === "completed" ? "response.completed" : "response.incomplete", response: whole }
  ]
}
