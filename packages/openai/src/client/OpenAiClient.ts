/**
 * The official SDK's client as a service, configured once: where to, with which key, and how much of a reply to read.
 * Retries and deadlines are the caller's policy: the SDK's own retries are off.
 */
import { Secrets } from "@backprose/core"
import * as Config from "effect/Config"
import { SourceError } from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { OpenAI } from "openai"
import * as Mask from "../wire/mask.ts"
import { fetchUpTo } from "./ReplyTooLarge.ts"

/** What a client is made of. */
export interface Options {
  /** Where the API is, its version included. Default: `https://api.openai.com/v1`. */
  readonly baseUrl: string | undefined
  /** Needed unless `baseUrl` is given: servers of one's own rarely want one. */
  readonly apiKey: Redacted.Redacted<string> | undefined
  /** A longer reply fails instead of filling the memory; for a stream, all its events together. Default: 16 MiB. */
  readonly maxReplyBytes: number
  /** How requests go out, for a proxy or for tests. Default: the global `fetch`. */
  readonly fetch: typeof globalThis.fetch | undefined
}

/** What stands for an option that is left out. */
export const defaults: Options = {
  baseUrl: undefined,
  apiKey: undefined,
  maxReplyBytes: 16 * 1024 * 1024,
  fetch: undefined
}

/** A client, and what is needed to speak of it. */
export interface Service {
  readonly sdk: OpenAI
  readonly baseUrl: string
  /** Whether there is a key of the user's, not only a placeholder. */
  readonly hasKey: boolean
  /** Takes keys out of a text that a provider wrote. */
  readonly mask: (text: string) => string
  /** The key, and what the query of the base URL holds. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
}

const official = "https://api.openai.com/v1"

// servers that want no key still get a header, as the SDK insists on one
const placeholder = "none"

const refuse = (message: string) => Effect.fail(new Config.ConfigError(new SourceError({ message })))

const checkedUrl = (text: string): Effect.Effect<string, Config.ConfigError> => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse(`the base URL must start with http:// or https://, as in ${official}`)
  }
  return url.username === "" && url.password === ""
    ? Effect.succeed(text)
    : refuse("the base URL must not contain a user name or password: pass a key instead")
}

const make = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<Service, Config.ConfigError> {
  const baseUrl = yield* checkedUrl(options.baseUrl ?? official)
  // a key pasted with its line end would be refused by fetch, in an error that quotes it
  const key = options.apiKey === undefined ? "" : Redacted.value(options.apiKey).trim()
  if (key === "" && options.baseUrl === undefined) {
    return yield* refuse("OPENAI_API_KEY is not set: set it, or give the base URL of a server that needs no key")
  }
  if (/[^\x21-\x7e]/.test(key)) return yield* refuse("the API key contains spaces or letters that no key has")
  // 120 ms to load: only when a client is really made
  const { OpenAI } = yield* Effect.promise(() => import("openai"))
  const sdk = new OpenAI({
    apiKey: key === "" ? placeholder : key,
    adminAPIKey: null,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: "off",
    fetch: fetchUpTo(options.maxReplyBytes, options.fetch)
  })
  const secrets = [...(key === "" ? [] : [Redacted.make(key)]), ...Secrets.inUrl(baseUrl)]
  return { sdk, baseUrl, hasKey: key !== "", mask: Mask.make(key), secrets }
})

// an empty variable counts as unset
const optional = <A>(config: Config.Config<A>) => Config.withDefault(config, undefined)

const fromConfig = Effect.fnUntraced(function* (given: Partial<Options>) {
  return yield* make({
    ...defaults,
    ...given,
    baseUrl: given.baseUrl ?? (yield* optional(Config.NonEmptyString("OPENAI_BASE_URL"))),
    apiKey: given.apiKey ?? (yield* optional(Config.Redacted("OPENAI_API_KEY")))
  })
})

/** One configured client of an OpenAI-compatible API, for `ChatLanguageModel` and `ResponsesLanguageModel`. */
export class OpenAiClient extends Context.Service<OpenAiClient, Service>()("@backprose/openai/OpenAiClient") {
  /** From these options alone. Fails when the base URL is none, or when neither key nor base URL is given. */
  static layer(options: Partial<Options>): Layer.Layer<OpenAiClient, Config.ConfigError> {
    return Layer.effect(OpenAiClient, make({ ...defaults, ...options }))
  }

  /** What `options` leaves out comes from the configuration: `OPENAI_API_KEY` and `OPENAI_BASE_URL`. */
  static layerConfig(options: Partial<Options> = {}): Layer.Layer<OpenAiClient, Config.ConfigError> {
    return Layer.effect(OpenAiClient, fromConfig(options))
  }
}
