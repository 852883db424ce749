/**
 * A model by its name, ready to be provided: the client comes with it.
 */
import { ModelIdentity, ModelSecrets } from "@backprose/core"
import type { LanguageModel } from "effect/ai/LanguageModel"
import type { ConfigError } from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Redacted } from "effect/Redacted"
import * as ChatLanguageModel from "./chat/ChatLanguageModel.ts"
import { OpenAiClient } from "./client/OpenAiClient.ts"
import * as ResponsesLanguageModel from "./responses/ResponsesLanguageModel.ts"

interface Connection {
  /** Any OpenAI-compatible endpoint, its version included. Default: `OPENAI_BASE_URL`, else OpenAI's own. */
  readonly baseUrl?: string | undefined
  /** Default: `OPENAI_API_KEY`. With a base URL none is needed. */
  readonly apiKey?: Redacted<string> | undefined
  /** A longer reply fails instead of filling the memory. Default: 16 MiB. */
  readonly maxReplyBytes?: number | undefined
  /** How requests go out, for a proxy or for tests. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Where the model is and how it is asked: chat completions unless `api` says otherwise. */
export type Options = Connection &
  (
    | { readonly api?: "chat" | undefined; readonly config?: ChatLanguageModel.Config | undefined }
    | { readonly api: "responses"; readonly config?: ResponsesLanguageModel.Config | undefined }
  )

const clientOf = ({ apiKey, baseUrl, fetch, maxReplyBytes }: Connection): Layer.Layer<OpenAiClient, ConfigError> =>
  OpenAiClient.layerConfig({
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(maxReplyBytes === undefined ? {} : { maxReplyBytes }),
    fetch
  })

/** What no prompt, journal or error may quote. */
const secrets: Layer.Layer<ModelSecrets, never, OpenAiClient> = Layer.effect(
  ModelSecrets,
  Effect.map(OpenAiClient, (client) => client.secrets)
)

/** Which model this is, wherever the client is pointed at. */
const identity = (name: string, { api, config }: Options): Layer.Layer<ModelIdentity, never, OpenAiClient> =>
  Layer.effect(
    ModelIdentity,
    Effect.map(OpenAiClient, ({ baseUrl }) =>
      ModelIdentity.named({
        provider: "openai",
        model: name,
        url: baseUrl,
        settings: api === "responses" ? { ...config, api } : { ...config }
      })
    )
  )

/**
 * The model `name` as an `effect/ai` LanguageModel, for `TextModel.layer(OpenAi.model("gpt-5-mini"))` or for any other
 * program on `effect/ai`; its `ModelIdentity` and `ModelSecrets` come with it. Fails to build when there is neither a key nor a base URL.
 *
 * **Example**
 *
 * ```ts
 * import { OpenAi } from "@backprose/openai"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * const program = LanguageModel.generateText({ prompt: "Why is the sky blue?" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(OpenAi.model("gpt-5-mini"))
 * )
 * const local = OpenAi.model("qwen2.5", { baseUrl: "http://127.0.0.1:8080/v1", config: { temperature: 0 } })
 * ```
 */
export const model = (
  name: string,
  options: Options = {}
): Layer.Layer<LanguageModel | ModelIdentity | ModelSecrets, ConfigError> =>
  Layer.mergeAll(
    options.api === "responses"
      ? ResponsesLanguageModel.layer({ model: name, config: options.config })
      : ChatLanguageModel.layer({ model: name, config: options.config }),
    identity(name, options),
    secrets
  ).pipe(Layer.provide(clientOf(options)))
