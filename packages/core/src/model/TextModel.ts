/**
 * The one thing Backprose asks of a language model: a request in, a completion out, both plain data. A provider is a
 * layer; the three roles (forward, critic, editor) are three keys of one shape, so each can be another model.
 */
import type { LanguageModel } from "effect/ai/LanguageModel"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Scope } from "effect/Scope"
import { ModelIdentity } from "./ModelIdentity.ts"
import { ModelSecrets } from "./ModelSecrets.ts"
import type { Service } from "./Service.ts"

/** What a role can be played by: a `TextModel` layer (ours, or a decorated one), or any `effect/ai` provider. */
export type Source<E, R> = Layer.Layer<TextModel, E, R> | Layer.Layer<LanguageModel, E, R>

// `effect/ai` is unstable and slow to import: one file touches it, loaded only when such a provider is really used
const adapt = (context: Context.Context<LanguageModel>): Effect.Effect<Service> =>
  Effect.map(
    Effect.promise(() => import("./languageModel.ts")),
    (adapter) => adapter.fromContext(context)
  )

const serviceOf = <E, R>(source: Source<E, R>) =>
  Effect.gen(function* (): Effect.fn.Return<Service, E, R | Scope> {
    const built = yield* Layer.build(source as Layer.Layer<TextModel & LanguageModel, E, R>)
    const model = yield* Option.match(Context.getOption(built as Context.Context<TextModel>, TextModel), {
      onNone: () => adapt(built as unknown as Context.Context<LanguageModel>),
      onSome: (model) => Effect.succeed(model)
    })
    const known = built as unknown as Context.Context<never>
    return {
      ...model,
      identity: model.identity ?? Option.getOrUndefined(Context.getOption(known, ModelIdentity)),
      secrets: model.secrets ?? Option.getOrUndefined(Context.getOption(known, ModelSecrets))
    }
  })

/** The model that plays the forward pass. */
export class TextModel extends Context.Service<TextModel, Service>()("@backprose/core/TextModel") {
  /** The forward model from any source, for example `TextModel.layer(OpenAi.model("gpt-5-mini"))`. */
  static layer<E, R>(source: Source<E, R>): Layer.Layer<TextModel, E, R> {
    return Layer.effect(TextModel, serviceOf(source))
  }

  /** Any `effect/ai` provider found in the context. */
  static readonly layerLanguageModel: Layer.Layer<TextModel, never, LanguageModel> = Layer.effect(
    TextModel,
    Effect.flatMap(Effect.context<LanguageModel>(), adapt)
  )
}

/** The model that judges and criticises: losses ask it, and so does the backward pass. */
export class BackwardModel extends Context.Service<BackwardModel, Service>()("@backprose/core/BackwardModel") {
  /** The critic from any source: a stronger model than the forward one is the usual choice. */
  static layer<E, R>(source: Source<E, R>): Layer.Layer<BackwardModel, E, R> {
    return Layer.effect(BackwardModel, serviceOf(source))
  }

  /** The forward model criticises itself. */
  static readonly layerSame: Layer.Layer<BackwardModel, never, TextModel> = Layer.effect(
    BackwardModel,
    Effect.map(TextModel, (model) => model)
  )
}

/** The model that proposes new values of parameters. */
export class OptimizerModel extends Context.Service<OptimizerModel, Service>()("@backprose/core/OptimizerModel") {
  /** The editor from any source. */
  static layer<E, R>(source: Source<E, R>): Layer.Layer<OptimizerModel, E, R> {
    return Layer.effect(OptimizerModel, serviceOf(source))
  }

  /** The forward model edits its own parameters. */
  static readonly layerSame: Layer.Layer<OptimizerModel, never, TextModel> = Layer.effect(
    OptimizerModel,
    Effect.map(TextModel, (model) => model)
  )
}

/** All three roles, as one layer needs them. */
export type Models = TextModel | BackwardModel | OptimizerModel

/**
 * One source for all three roles, as it is: no retries, no meter, no limits. Applications want `Models.layer`.
 */
export const layerAll = <E, R>(source: Source<E, R>): Layer.Layer<Models, E, R> =>
  Layer.mergeAll(BackwardModel.layerSame, OptimizerModel.layerSame).pipe(Layer.provideMerge(TextModel.layer(source)))
