/**
 * Retries in one place: what may pass by itself is asked again, with growing pauses, and never sooner than the provider
 * said. What cannot succeed (key, request, quota) is asked once.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { decorated, type Service } from "../model/Service.ts"
import { isRetryable, type TextModelError, TimedOut } from "../model/TextModelError.ts"

export interface Options {
  /** Tries after the first. */
  readonly times: number
  /** The first pause; each further one is twice as long, with jitter. */
  readonly base: Duration.Input
  /** The longest an attempt may take, its body included. */
  readonly attemptTimeout: Duration.Input
  /** A provider that asks for a longer pause is not waited for: its error, which says how long, comes at once. */
  readonly longestPause: Duration.Input
}

/** Three attempts in all, half a second and then a second apart, each of two minutes at most. */
export const defaults: Options = {
  times: 2,
  base: "500 millis",
  attemptTimeout: "2 minutes",
  longestPause: "2 minutes"
}

/** How long the provider asked to stay away, in milliseconds. */
const asked = (error: TextModelError): number | undefined => ("retryAfterMs" in error ? error.retryAfterMs : undefined)

type Decorator = (model: Service) => Service

/**
 * A model whose attempts end in time. It belongs right around the provider, inside a limit on concurrent calls: waiting
 * for a free place is no fault of the provider's.
 */
export const deadline = (options: Partial<Options> = {}): Decorator => {
  const { attemptTimeout } = { ...defaults, ...options }
  const afterMs = Duration.toMillis(attemptTimeout)
  return (model) =>
    decorated(model, (request) =>
      Effect.timeoutOrElse(model.complete(request), {
        duration: attemptTimeout,
        orElse: () => Effect.fail(new TimedOut({ message: `no whole reply within ${afterMs} ms`, afterMs }))
      })
    )
}

/** A model that is asked again, without a deadline. */
export const again = (options: Partial<Options> = {}): Decorator => {
  const { times, base, longestPause } = { ...defaults, ...options }
  const longestMs = Duration.toMillis(longestPause)
  const worthIt = (error: TextModelError) => isRetryable(error) && (asked(error) ?? 0) <= longestMs
  const schedule = Schedule.exponential(base).pipe(
    Schedule.setInputType<TextModelError>(),
    Schedule.jittered,
    Schedule.modifyDelay(({ input, duration }) =>
      Effect.succeed(Duration.max(duration, Duration.millis(asked(input) ?? 0)))
    ),
    Schedule.upTo({ times })
  )
  return (model) => decorated(model, (request) => Effect.retry(model.complete(request), { schedule, while: worthIt }))
}

/** A model that is asked again, each attempt with a deadline. Set a provider's own retries to 0. */
export const retrying =
  (options: Partial<Options> = {}): Decorator =>
  (model) =>
    again(options)(deadline(options)(model))
