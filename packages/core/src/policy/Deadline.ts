/**
 * Until when a part of a program may ask models: a bound of the caller's over everything that a call does, waiting for a
 * place and pauses between attempts included.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The end, in milliseconds since 1970; `Infinity` is none, and the default. */
export const Deadline: Context.Reference<number> = Context.Reference<number>("@backprose/core/Deadline", {
  defaultValue: () => Number.POSITIVE_INFINITY
})

/**
 * Gives an effect this long for its model calls: one that cannot answer by then fails with `TimedOut`, and one that would
 * have to pause beyond it fails at once with the error that says how long. An outer deadline that is sooner stays.
 */
export const within =
  (duration: Duration.Input) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.all([Deadline, Clock.currentTimeMillis]), ([outer, now]) =>
      Effect.provideService(effect, Deadline, Math.min(outer, now + Duration.toMillis(duration)))
    )
