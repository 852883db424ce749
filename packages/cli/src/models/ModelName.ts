/**
 * A model as it is named on the command line: `provider:model`.
 */
import { ModelCatalogue } from "@backprose/local"
import * as Effect from "effect/Effect"
import { ModelNameInvalid } from "../exit/errors.ts"

export type Provider = "openai" | "local"

export interface ModelName {
  readonly provider: Provider
  readonly model: string
}

export const render = ({ provider, model }: ModelName): string => `${provider}:${model}`

const providers: ReadonlyArray<string> = ["openai", "local"]

/** Reads `openai:gpt-5-mini` or `local:qwen2.5-coder-1.5b`; the model's own name may contain colons. */
export const parse = (text: string): Effect.Effect<ModelName, ModelNameInvalid> => {
  const at = text.indexOf(":")
  const [provider, model] = [text.slice(0, at), text.slice(at + 1).trim()]
  if (at < 0 || !providers.includes(provider)) {
    return refuse(`"${text}" names no provider: write openai:${text} or local:${ModelCatalogue.defaultName}`)
  }
  if (model === "") return refuse(`"${text}" names no model: write for example openai:gpt-5-mini`)
  if (provider === "local" && ModelCatalogue.find(model) === undefined) {
    const known = ModelCatalogue.all.map(({ name }) => name).join(", ")
    return refuse(`there is no embedded model "${model}"; there are: ${known}`)
  }
  return Effect.succeed({ provider: provider as Provider, model })
}

const refuse = (message: string) => Effect.fail(new ModelNameInvalid({ message }))
