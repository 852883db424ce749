/**
 * What `effect/ai` asks, as the body of a responses request.
 */
import { CurrentSampling } from "@backprose/core"
import * as AiError from "effect/ai/AiError"
import type { ProviderOptions, ToolChoice } from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type { OpenAI } from "openai"
import * as Objects from "../wire/objects.ts"
import type { Sampling } from "../wire/sampling.ts"
import * as Tools from "../wire/tools.ts"
import { type Config, CurrentConfig } from "./Config.ts"
import { input } from "./input.ts"

/** @internal */
export type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming

/** What stays the same from call to call. */
export interface Fixed {
  readonly module: string
  readonly model: string
  readonly config: Config
}

// the API takes no seed: draws of one request differ by themselves
const sampled = (sampling: Sampling): Config => ({
  ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
  ...(sampling.topP === undefined ? {} : { top_p: sampling.topP }),
  ...(sampling.maxOutputTokens === undefined ? {} : { max_output_tokens: sampling.maxOutputTokens })
})

const unstoppable = (module: string) =>
  AiError.make({
    module,
    method: "prompt",
    reason: new AiError.InvalidRequestError({
      parameter: "stop",
      description: "the responses API knows no stop sequences: use chat completions"
    })
  })

const toolChoice = (choice: ToolChoice<string>): NonNullable<Body["tool_choice"]> => {
  if (typeof choice === "string") return choice
  // of `oneOf`, only the tools named are in the request
  return "tool" in choice ? { type: "function", name: choice.tool } : (choice.mode ?? "auto")
}

const tool = ({ description, ...spec }: Tools.ToolSpec): OpenAI.Responses.FunctionTool => ({
  type: "function",
  ...spec,
  ...(description === undefined ? {} : { description })
})

/** @internal */
export const body = Effect.fnUntraced(function* (
  fixed: Fixed,
  options: ProviderOptions
): Effect.fn.Return<Body, AiError.AiError> {
  const sampling = yield* CurrentSampling
  if (sampling.stop !== undefined && sampling.stop.length > 0) return yield* unstoppable(fixed.module)
  const made: Body = {
    store: false,
    ...fixed.config,
    ...(yield* CurrentConfig),
    ...sampled(sampling),
    model: fixed.model,
    input: yield* input(fixed.module, options.prompt)
  }
  if (options.tools.length > 0) {
    made.tools = (yield* Effect.forEach(options.tools, (one) => Tools.spec(fixed.module, one))).map(tool)
    made.tool_choice = toolChoice(options.toolChoice)
  }
  if (options.responseFormat.type === "json") {
    const { objectName, schema } = options.responseFormat
    const jsonSchema = yield* Objects.jsonSchema(fixed.module, schema)
    const format = {
      type: "json_schema" as const,
      name: Objects.objectName(objectName),
      strict: true,
      schema: jsonSchema
    }
    made.text = { ...made.text, format }
  }
  return made
})
