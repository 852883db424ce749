/**
 * The chosen models as one layer, with the usual policies around them. A model that plays several roles is loaded once.
 */
import { availableParallelism } from "node:os"
import { Fallback, FeedbackTokens, Models, TextModel, type TextModelService } from "@backprose/core"
import { type EngineUnavailable, LocalModel, type Weights, type WeightsUnavailable } from "@backprose/local"
import { OpenAi } from "@backprose/openai"
import type { ConfigError } from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Allowance from "./Allowance.ts"
import type { Choice } from "./Choice.ts"
import * as ModelName from "./ModelName.ts"
import * as ReplyCache from "./ReplyCache.ts"

export interface Policies {
  readonly concurrency: number
  readonly allowance: Allowance.Allowance
  /** Whether replies are kept for later runs, and taken from earlier ones. Default: no. */
  readonly cache?: boolean | undefined
  /** Told how far the fetch of embedded weights is. */
  readonly onFetch: Weights.Options["onProgress"]
}

/** Calls at once that make sense for a model: a core each where it is embedded, 16 where it is hosted. */
export const concurrency = ({ forward }: Choice): number => (forward.provider === "local" ? availableParallelism() : 16)

const same = (a: ModelName.ModelName, b: ModelName.ModelName) => ModelName.render(a) === ModelName.render(b)

const source = (
  { provider, model }: ModelName.ModelName,
  baseUrl: string | undefined,
  { concurrency, onFetch }: Policies
): Layer.Layer<TextModel, ConfigError | WeightsUnavailable | EngineUnavailable> =>
  provider === "local"
    ? TextModel.layer(
        LocalModel.layer({ model, onProgress: onFetch, contexts: Math.min(concurrency, availableParallelism()) })
      )
    : TextModel.layer(OpenAi.model(model, baseUrl === undefined ? {} : { baseUrl }))

// an embedded context is 4,096 tokens, of which an edit keeps 1,024: the rest holds the prompt around the feedback too
const embeddedFeedbackTokens = 1500

const all = ({ forward, backward, optimizer, fallback }: Choice): ReadonlyArray<ModelName.ModelName> =>
  fallback === undefined ? [forward, backward, optimizer] : [forward, backward, optimizer, fallback]

/** Whether an embedded model plays a role: its context is small. */
export const isLocal = (choice: Choice): boolean => all(choice).some(({ provider }) => provider === "local")

/** How much feedback fits a prompt: less than core's default where an embedded model plays a role. */
export const feedback = (choice: Choice): Layer.Layer<never> =>
  isLocal(choice) ? Layer.succeed(FeedbackTokens, embeddedFeedbackTokens) : Layer.empty

/** All three roles. Building it loads embedded weights, and fetches them first where they are missing. */
export const of = (choice: Choice, policies: Policies) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const built = new Map<string, TextModelService>()
      for (const name of all(choice)) {
        const key = ModelName.render(name)
        if (built.has(key)) continue
        const model = Context.get(yield* Layer.build(source(name, choice.baseUrl, policies)), TextModel)
        built.set(key, policies.cache === true ? yield* ReplyCache.told(name, model) : model)
      }
      const { fallback } = choice
      const named = (name: ModelName.ModelName) => built.get(ModelName.render(name))!
      const role = (name: ModelName.ModelName) =>
        Layer.succeed(
          TextModel,
          fallback === undefined || same(name, fallback) ? named(name) : Fallback.chain([named(name), named(fallback)])
        )
      const { allowance, concurrency } = policies
      const local = isLocal(choice)
      return Models.layer({
        forward: role(choice.forward),
        ...(same(choice.backward, choice.forward) ? {} : { backward: role(choice.backward) }),
        ...(same(choice.optimizer, choice.backward) ? {} : { optimizer: role(choice.optimizer) }),
        budget: Allowance.limits(allowance),
        concurrency,
        // an embedded model cannot hang like a network, but a long prompt takes its time on a busy machine
        ...(local ? { retry: { attemptTimeout: "15 minutes", callTimeout: "45 minutes" } } : {})
      }).pipe(Layer.provide(Allowance.prices(allowance)), Layer.merge(feedback(choice)))
    })
  ).pipe(Layer.provideMerge(ReplyCache.layer(policies.cache === true)))
