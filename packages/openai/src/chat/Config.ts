/**
 * Fields of a chat completions request that a caller may set, for a layer or for a part of a program.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type { OpenAI } from "openai"

type Body = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming

/** Any field of the API but those that `effect/ai` fills in itself. */
export type Config = Partial<
  Omit<Body, "messages" | "model" | "n" | "response_format" | "stream" | "stream_options" | "tools" | "tool_choice">
>

/** The fields set for the program under way. */
export const CurrentConfig: Context.Reference<Config> = Context.Reference<Config>(
  "@backprose/openai/chat/CurrentConfig",
  {
    defaultValue: () => ({})
  }
)

/**
 * Sets fields for every chat call inside an effect, over those of the layer and of an outer `withConfig`. What core asks
 * for one call (`CurrentSampling`) comes last and wins: a journal must hold what was really sent.
 */
export const withConfig: {
  (config: Config): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, config: Config): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(self: Effect.Effect<A, E, R>, config: Config): Effect.Effect<A, E, R> =>
    Effect.flatMap(CurrentConfig, (outer) => Effect.provideService(self, CurrentConfig, { ...outer, ...config }))
)
