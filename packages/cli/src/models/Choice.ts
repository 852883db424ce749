/**
 * Which models a command uses, from its flags and the environment: hosted where there is a key or a base URL, else the
 * one embedded in the process.
 */
import { basename } from "node:path"
import { ModelCatalogue } from "@backprose/local"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { KeyMissing } from "../exit/errors.ts"
import * as BaseUrl from "./BaseUrl.ts"
import * as FirstModel from "./FirstModel.ts"
import * as ModelName from "./ModelName.ts"

/** As given on the command line. */
export interface Given {
  readonly model?: string | undefined
  readonly backwardModel?: string | undefined
  readonly optimizerModel?: string | undefined
  readonly fallbackModel?: string | undefined
  readonly baseUrl?: string | undefined
}

export interface Choice {
  readonly forward: ModelName.ModelName
  readonly backward: ModelName.ModelName
  readonly optimizer: ModelName.ModelName
  /** Who answers where one of the others cannot; at the same base URL where it is hosted. */
  readonly fallback?: ModelName.ModelName | undefined
  /** Where hosted models are; `undefined` is OpenAI's own. To be shown by `BaseUrl.shown` alone. */
  readonly baseUrl: string | undefined
}

/** The model of OpenAI's own endpoint that is used when none is named. */
export const hostedDefault = "gpt-5-mini"

/** What the environment says of hosted models. An empty variable counts as unset. */
export const environment: Effect.Effect<{
  readonly key: Redacted.Redacted<string> | undefined
  readonly baseUrl: string | undefined
}> = Effect.gen(function* () {
  const has = yield* Effect.orDie(Config.withDefault(Config.NonEmptyString("OPENAI_API_KEY"), ""))
  return {
    key: has.trim() === "" ? undefined : yield* Effect.orDie(Config.Redacted("OPENAI_API_KEY")),
    baseUrl: yield* Effect.orDie(Config.withDefault(Config.NonEmptyString("OPENAI_BASE_URL"), undefined))
  }
})

/** `BACKPROSE_MODEL_PATH`: a model file of the user's own, which is then the embedded model, whatever name is given. */
export const ownFile: Effect.Effect<string | undefined> = Effect.orDie(
  Config.withDefault(Config.NonEmptyString("BACKPROSE_MODEL_PATH"), undefined)
)

/** Where hosted models are, and with which key they are asked: the flag, else the environment. */
export const endpoint = Effect.fnUntraced(function* (given: Pick<Given, "baseUrl">) {
  const { key, baseUrl } = yield* environment
  if (given.baseUrl !== undefined) return { key, baseUrl: yield* BaseUrl.checked(given.baseUrl, "--base-url") }
  return { key, baseUrl: baseUrl === undefined ? undefined : yield* BaseUrl.checked(baseUrl, "OPENAI_BASE_URL") }
})

/** Asks the server for its models only where a base URL came without a model. */
export const of = Effect.fnUntraced(function* (given: Given) {
  const { key, baseUrl } = yield* endpoint(given)

  const preferred = Effect.gen(function* () {
    if (baseUrl !== undefined) {
      return { provider: "openai" as const, model: yield* FirstModel.first(baseUrl, key) }
    }
    return key === undefined
      ? { provider: "local" as const, model: ModelCatalogue.defaultName }
      : { provider: "openai" as const, model: hostedDefault }
  })

  const parsed = (name: string | undefined, otherwise: ModelName.ModelName) =>
    name === undefined ? Effect.succeed(otherwise) : ModelName.parse(name)
  const own = yield* ownFile
  const named = (name: ModelName.ModelName) =>
    name.provider === "local" && own !== undefined ? { ...name, model: basename(own) } : name
  const forward = given.model === undefined ? yield* preferred : yield* ModelName.parse(given.model)
  const backward = yield* parsed(given.backwardModel, forward)
  const optimizer = yield* parsed(given.optimizerModel, backward)
  const fallback = given.fallbackModel === undefined ? undefined : yield* ModelName.parse(given.fallbackModel)
  const all = [forward, backward, optimizer, ...(fallback === undefined ? [] : [fallback])]
  const hosted = all.find(({ provider }) => provider === "openai")
  if (hosted !== undefined && key === undefined && baseUrl === undefined) {
    return yield* new KeyMissing({
      message: `${ModelName.render(hosted)} needs a key: set OPENAI_API_KEY, or name a server of your own by --base-url`
    })
  }
  return {
    forward: named(forward),
    backward: named(backward),
    optimizer: named(optimizer),
    ...(fallback === undefined ? {} : { fallback: named(fallback) }),
    baseUrl
  } satisfies Choice
})
