/**
 * The first model a server lists, for a base URL that was given without a model.
 */
import { TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as BaseUrl from "./BaseUrl.ts"

const Listing = Schema.Struct({ data: Schema.Array(Schema.Struct({ id: Schema.NonEmptyString })) })
const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Listing))

/** All models of the server at `baseUrl`, in its order. Gives up after ten seconds. */
export const list = Effect.fnUntraced(function* (
  baseUrl: string,
  key: Redacted.Redacted<string> | undefined
): Effect.fn.Return<
  ReadonlyArray<string>,
  TextModelError.ProviderUnavailable | TextModelError.Unauthorized | TextModelError.ModelUnknown
> {
  const url = `${baseUrl.replace(/\/+$/, "")}/models`
  const shown = `${BaseUrl.shown(baseUrl)}/models`
  const unavailable = (why: string) => new TextModelError.ProviderUnavailable({ message: `${shown}: ${why}` })
  const headers = key === undefined ? {} : { authorization: `Bearer ${Redacted.value(key).trim()}` }
  const { status, text } = yield* Effect.tryPromise({
    // headers and body under one signal and one timeout: a body may never end
    try: (signal) =>
      fetch(url, { headers, signal }).then((response) =>
        (response.ok ? response.text() : Promise.resolve(undefined)).then((text) => ({ status: response.status, text }))
      ),
    catch: (cause) => unavailable(`cannot be reached (${innermost(cause)})`)
  }).pipe(
    Effect.timeoutOrElse({
      duration: "10 seconds",
      orElse: () => Effect.fail(unavailable("no answer within 10 s"))
    })
  )
  if (status === 401 || status === 403) {
    return yield* new TextModelError.Unauthorized({ message: `${shown} refuses the key (status ${status})` })
  }
  if (text === undefined) return yield* unavailable(`answers with status ${status}`)
  const listing = yield* Effect.mapError(decode(text), () => unavailable("is no list of models"))
  return listing.data.map(({ id }) => id)
})

/** The first of them. */
export const first = Effect.fnUntraced(function* (baseUrl: string, key: Redacted.Redacted<string> | undefined) {
  const [model] = yield* list(baseUrl, key)
  return (
    model ??
    (yield* new TextModelError.ModelUnknown({
      message: `${BaseUrl.shown(baseUrl)} lists no model: name one by --model`
    }))
  )
})

// "fetch failed" says nothing: the reason is in the innermost cause
const innermost = (cause: unknown): string =>
  cause instanceof Error
    ? cause.cause === undefined
      ? ((cause as { readonly code?: string }).code ?? cause.message)
      : innermost(cause.cause)
    : String(cause)
