/**
 * What a call used, in tokens. Servers leave counts out or send odd ones: what is no count is left unknown, and never
 * fails a reply that has been paid for.
 */
import type { UsageInfo } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"

/** Counts as a provider named them. */
export interface Counts {
  readonly input: unknown
  readonly cached: unknown
  readonly cacheWrite: unknown
  readonly output: unknown
  readonly reasoning: unknown
}

const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined

const rest = (total: number | undefined, part: number | undefined): number | undefined =>
  total === undefined ? undefined : Math.max(0, total - (part ?? 0))

/** Usage as `effect/ai` has it. */
export const usage = (counts: Counts): typeof Response.Usage.Encoded => {
  const input = count(counts.input)
  const cached = count(counts.cached)
  const output = count(counts.output)
  const reasoning = count(counts.reasoning)
  return {
    inputTokens: {
      total: input,
      uncached: rest(input, cached),
      cacheRead: cached,
      cacheWrite: count(counts.cacheWrite)
    },
    outputTokens: { total: output, text: rest(output, reasoning), reasoning }
  }
}

/** Usage as errors carry it: a call that failed after the model has answered was paid for too. */
export const info = (usage: typeof Response.Usage.Encoded): typeof UsageInfo.Type => {
  const input = usage.inputTokens.total ?? undefined
  const output = usage.outputTokens.total ?? undefined
  return {
    promptTokens: input,
    completionTokens: output,
    totalTokens: input === undefined || output === undefined ? undefined : input + output
  }
}

/** A field of something that may be no object at all. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined

/**
 * What a server says that the call cost, in US dollars, as metadata of the finish part: OpenRouter says it, most do not. A
 * 0 is no word: many a proxy sends it without knowing.
 */
export const cost = (counts: unknown): { readonly metadata?: { readonly openai: { readonly costUsd: number } } } => {
  const costUsd = field(counts, "cost")
  return typeof costUsd === "number" && Number.isFinite(costUsd) && costUsd > 0
    ? { metadata: { openai: { costUsd } } }
    : {}
}

/** What a reply of either API says that it used, whatever else is wrong with it. */
export const used = (reply: unknown): typeof UsageInfo.Type | undefined => {
  const counts = field(reply, "usage")
  const [promptTokens, completionTokens] = [
    count(field(counts, "prompt_tokens") ?? field(counts, "input_tokens")),
    count(field(counts, "completion_tokens") ?? field(counts, "output_tokens"))
  ]
  return promptTokens === undefined || completionTokens === undefined
    ? undefined
    : { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens }
}
