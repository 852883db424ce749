/**
 * What `effect/ai` asks, as the body of a chat completions request.
 */
import { CurrentSampling } from "@backprose/core"
import type { AiError } from "effect/ai/AiError"
import type { ProviderOptions, ToolChoice } from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type { OpenAI } from "openai"
import * as Objects from "../wire/objects.ts"
import { type Sampling, seed } from "../wire/sampling.ts"
import * as Tools from "../wire/tools.ts"
import { type Config, CurrentConfig } from "./Config.ts"
import { messages } from "./messages.ts"

/** @internal */
export type Body = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming

/** What stays the same from call to call. */
export interface Fixed {
  readonly module: string
  readonly model: string
  readonly config: Config
  readonly limitField: "max_completion_tokens" | "max_tokens"
}

/**
 * How a host calls the limit of a reply's length. OpenAI's newer models refuse the old name, many compatible servers do
 * not know the new one, and ignore it.
 */
export const limitField = (baseUrl: string): Fixed["limitField"] =>
  /(^|\.)(openai\.com|azure\.com)$/.test(new URL(baseUrl).hostname) ? "max_completion_tokens" : "max_tokens"

const sampled = (sampling: Sampling, fixed: Fixed): Config => {
  const drawn = seed(sampling)
  return {
    ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
    ...(sampling.topP === undefined ? {} : { top_p: sampling.topP }),
    ...(sampling.maxOutputTokens === undefined ? {} : { [fixed.limitField]: sampling.maxOutputTokens }),
    ...(drawn === undefined ? {} : { seed: drawn }),
    ...(sampling.stop === undefined ? {} : { stop: [...sampling.stop] })
  }
}

const toolChoice = (choice: ToolChoice<string>): OpenAI.Chat.ChatCompletionToolChoiceOption => {
  if (typeof choice === "string") return choice
  // of `oneOf`, only the tools named are in the request
  return "tool" in choice ? { type: "function", function: { name: choice.tool } } : (choice.mode ?? "auto")
}

const tool = ({ description, ...spec }: Tools.ToolSpec): OpenAI.Chat.ChatCompletionFunctionTool => ({
  type: "function",
  function: { ...spec, ...(description === undefined ? {} : { description }) }
})

/** @internal */
export const body = Effect.fnUntraced(function* (
  fixed: Fixed,
  options: ProviderOptions
): Effect.fn.Return<Body, AiError> {
  const made: Body = {
    ...fixed.config,
    ...(yield* CurrentConfig),
    ...sampled(yield* CurrentSampling, fixed),
    model: fixed.model,
    messages: yield* messages(fixed.module, options.prompt)
  }
  if (options.tools.length > 0) {
    made.tools = (yield* Effect.forEach(options.tools, (one) => Tools.spec(fixed.module, one))).map(tool)
    made.tool_choice = toolChoice(options.toolChoice)
  }
  if (options.responseFormat.type === "json") {
    const { objectName, schema } = options.responseFormat
    made.response_format = {
      type: "json_schema",
      json_schema: {
        name: Objects.objectName(objectName),
        strict: true,
        schema: yield* Objects.jsonSchema(fixed.module, schema)
      }
    }
  }
  return made
})
