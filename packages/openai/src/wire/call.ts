/**
 * A call through the SDK as an Effect and as a Stream: interruption closes the socket, and whatever goes wrong is an
 * `AiError` with a reason.
 */
import * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Failure from "./failure.ts"
import * as Reason from "./reason.ts"
import { field, used } from "./usage.ts"

export type CallSite = Reason.CallSite

/** A request of the SDK that has not been read yet. */
interface Pending<A> extends PromiseLike<A> {
  asResponse(): Promise<Response>
}

interface Thrown {
  readonly cause: unknown
}

const thrown = (cause: unknown): Thrown => ({ cause })

/** An `AiError` of this call. */
export const fail = (site: CallSite, reason: AiError.AiErrorReason): AiError.AiError =>
  AiError.make({ module: site.module, method: site.method, reason })

const failWith = (site: CallSite, make: (now: number) => Failure.Failure): Effect.Effect<never, AiError.AiError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.fail(fail(site, Reason.of(make(now), site))))

const explain = (site: CallSite) => (error: Thrown) =>
  failWith(site, (now) => Failure.read(site.client, error.cause, now))

/** Reads an unknown value as an `A`. */
export type Decoder<A> = (input: unknown) => Result.Result<A, Schema.SchemaError>

/** The error that a provider reported inside a reply. */
export const failed = (site: CallSite, error: unknown): Effect.Effect<never, AiError.AiError> =>
  failWith(site, (now) => Failure.reported(site.client, error, { now }))

/** An `A`, or the error that the provider reported in its place, or a complaint that it is neither. */
export const decode = <A>(site: CallSite, decoder: Decoder<A>, value: unknown): Effect.Effect<A, AiError.AiError> => {
  const error = field(value, "error")
  if (error !== undefined && error !== null) return failed(site, error)
  const decoded = decoder(value)
  return Result.isSuccess(decoded)
    ? Effect.succeed(decoded.success)
    : failWith(site, () => ({ _tag: "Unreadable", message: "the reply is JSON of another shape", usage: used(value) }))
}

const json = (site: CallSite, text: string): Effect.Effect<unknown, AiError.AiError> =>
  Effect.catch(Effect.try({ try: () => JSON.parse(text) as unknown, catch: thrown }), () =>
    failWith(site, () => Failure.notJson(site.client, text))
  )

/** Sends a request and reads its whole reply. */
export const whole = <A>(
  site: CallSite,
  send: (signal: AbortSignal) => Pending<unknown>,
  decoder: Decoder<A>
): Effect.Effect<A, AiError.AiError> =>
  Effect.tryPromise({
    // the body is read here, not by the SDK: it takes a page of HTML for a reply, and loses why a body broke off
    try: (signal) =>
      send(signal)
        .asResponse()
        .then((response) => response.text()),
    catch: thrown
  }).pipe(
    Effect.catch(explain(site)),
    Effect.flatMap((text) => json(site, text)),
    Effect.flatMap((value) => decode(site, decoder, value))
  )

/** Sends a request and reads its events as they come. */
export const events = <A>(
  site: CallSite,
  send: (signal: AbortSignal) => Pending<AsyncIterable<unknown>>,
  decoder: Decoder<A>
): Stream.Stream<A, AiError.AiError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const controller = yield* Effect.acquireRelease(
        Effect.sync(() => new AbortController()),
        (controller) => Effect.sync(() => controller.abort())
      )
      const iterable = yield* Effect.tryPromise({ try: () => send(controller.signal), catch: thrown })
      return Stream.fromAsyncIterable(iterable, thrown)
    })
  ).pipe(
    Stream.catch((error) => Stream.fromEffect(explain(site)(error))),
    Stream.mapEffect((event) => decode(site, decoder, event))
  )
