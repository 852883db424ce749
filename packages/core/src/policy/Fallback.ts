/**
 * A second provider for when the first cannot answer: the same question goes to the next model of a chain, one completion
 * at a time.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ExecutionPlan from "effect/ExecutionPlan"
import * as Layer from "effect/Layer"
import type { Completion } from "../model/Completion.ts"
import type { Identity } from "../model/ModelIdentity.ts"
import type { Service } from "../model/Service.ts"
import { type Source, TextModel } from "../model/TextModel.ts"
import { isRetryable, type TextModelError } from "../model/TextModelError.ts"
import * as Circuit from "./Circuit.ts"

/**
 * Failures of a provider that another may not have: it cannot be reached, is too busy for longer than anyone waits, or
 * refuses the key, the credit or the model. What lies in the question, the reply or the budget would be the same there.
 */
export const fallsOver = (error: TextModelError): boolean =>
  isRetryable(error) ||
  error._tag === "Unauthorized" ||
  error._tag === "QuotaExhausted" ||
  error._tag === "ModelUnknown"

/** One failed call, with all its attempts, and the next minute's calls go to the next provider at once. */
const remembered: Circuit.Options = {
  counts: fallsOver,
  calls: 1,
  silent: 0,
  rest: "1 minute",
  says: (error) => error
}

/** The model that the chain asks now. */
class Asked extends Context.Service<Asked, Service>()("@backprose/core/Fallback/Asked") {}

const named = (model: Service): string => model.identity?.model ?? "a model without a name"

const joined = (parts: ReadonlyArray<string | undefined>): string => parts.map((part) => part ?? "").join(" > ")

/** Of the whole chain: which of them answers is chance, and a journal or cache must find the reply again all the same. */
const identityOf = (models: ReadonlyArray<Service>): Identity | undefined => {
  const identities = models.map(({ identity }) => identity)
  if (identities.every((identity) => identity === undefined)) return undefined
  const has = (field: "endpoint" | "settings") => identities.some((identity) => identity?.[field] !== undefined)
  return {
    provider: joined(identities.map((identity) => identity?.provider)),
    model: models.map(named).join(" > "),
    ...(has("endpoint") ? { endpoint: joined(identities.map((identity) => identity?.endpoint)) } : {}),
    ...(has("settings") ? { settings: joined(identities.map((identity) => identity?.settings)) } : {})
  }
}

/** Several models as one, asked in this order, with what each of them failed with in memory. `Models.layer` uses it. */
export const chain = (models: readonly [Service, ...ReadonlyArray<Service>]): Service => {
  const step = (model: Service) => ({
    provide: Context.make(Asked, Circuit.make(remembered)(model)),
    // asked of the failure before it: whether this one may do better
    while: fallsOver
  })
  const [first, ...others] = models
  const plan = ExecutionPlan.make(step(first), ...others.map(step))
  return {
    identity: identityOf(models),
    secrets: models.flatMap(({ secrets }) => secrets ?? []),
    alternatives: models,
    complete: (request) =>
      Effect.withExecutionPlan(
        Effect.flatMap(Asked, (model) =>
          Effect.map(
            model.complete(request),
            (completion): Completion =>
              completion.model === undefined && model.identity !== undefined
                ? { ...completion, model: model.identity.model }
                : completion
          )
        ),
        plan
      )
  }
}

/**
 * A source of a model that answers with the first of these that can. Inside `Models.layer` each has its own retries,
 * places and deadlines; one that was found dead is passed over for a minute. The reply names the model that gave it.
 *
 * **Example**
 *
 * ```ts
 * import { Fallback, Models } from "@backprose/core"
 * import { OpenAi } from "@backprose/openai"
 *
 * const models = Models.layer({
 *   forward: Fallback.layer([
 *     OpenAi.model("gpt-5-mini"),
 *     OpenAi.model("qwen2.5", { baseUrl: "http://127.0.0.1:8080/v1" })
 *   ])
 * })
 * ```
 */
export const layer = <E, R>(
  sources: readonly [Source<E, R>, ...ReadonlyArray<Source<E, R>>]
): Layer.Layer<TextModel, E, R> =>
  Layer.effect(
    TextModel,
    Effect.gen(function* () {
      const build = (source: Source<E, R>) =>
        Effect.map(Layer.build(TextModel.layer(source)), (context) => Context.get(context, TextModel))
      const [first, ...others] = sources
      return chain([yield* build(first), ...(yield* Effect.forEach(others, build))])
    })
  )
