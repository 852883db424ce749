/**
 * An `effect/ai` LanguageModel on chat completions, the API that OpenAI-compatible servers speak.
 */
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { OpenAiClient } from "../client/OpenAiClient.ts"
import * as Call from "../wire/call.ts"
import * as Fold from "../wire/fold.ts"
import { codecTransformer } from "../wire/objects.ts"
import * as Span from "../wire/span.ts"
import type { Config } from "./Config.ts"
import * as Reply from "./reply.ts"
import * as Request from "./request.ts"
import * as Stream from "./stream.ts"

export { type Config, CurrentConfig, withConfig } from "./Config.ts"

/** Which model, and fields of the request for all its calls. */
export interface Options {
  readonly model: string
  readonly config?: Config | undefined
}

const module = "ChatLanguageModel"

/**
 * The model as a service, for one that is put together by hand; `layer` is the usual way.
 *
 * Errors are `AiError`s with a reason: rate limits, 5xx and broken connections are retryable, a wrong key, an unknown
 * model or a prompt that is too long are not. A reply cut by its limit or withheld by a filter is no error but a finish
 * reason; where an object was asked for, withheld is `ContentPolicyError`.
 */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<LanguageModel.LanguageModel, never, OpenAiClient> {
  const client = yield* OpenAiClient
  const { model } = options
  const fixed: Request.Fixed = {
    module,
    model,
    config: options.config ?? {},
    limitField: Request.limitField(client.baseUrl)
  }
  const completions = client.sdk.chat.completions
  const site = (method: string): Call.CallSite => ({ client, module, method, model, path: "/chat/completions" })
  const generating = site("generateText")
  const streaming = site("streamText")

  return yield* LanguageModel.make({
    codecTransformer,
    generateText: Effect.fnUntraced(function* (request) {
      const body = yield* Request.body(fixed, request)
      const reply = yield* Call.whole(generating, (signal) => completions.create(body, { signal }), Reply.decoder)
      const parts = yield* Reply.parts(generating, reply, request.responseFormat.type === "json")
      Span.annotate(request.span, model, parts)
      return parts
    }),
    streamText: (request) =>
      Fold.events({
        request: Request.body(fixed, request),
        events: (body) =>
          Call.events(
            streaming,
            (signal) =>
              completions.create({ ...body, stream: true, stream_options: { include_usage: true } }, { signal }),
            Stream.decoder
          ),
        initial: Stream.initial,
        step: Stream.step,
        end: (state) => Stream.end(streaming, state),
        seen: (parts) => Span.annotate(request.span, model, parts)
      })
  })
})

/** The model as a layer over a client. */
export const layer = (options: Options): Layer.Layer<LanguageModel.LanguageModel, never, OpenAiClient> =>
  Layer.effect(LanguageModel.LanguageModel, make(options))
