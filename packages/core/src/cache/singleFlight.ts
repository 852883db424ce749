/**
 * Equal questions that are under way are asked once: the first one asks, the others wait for what it gets. Where it is
 * interrupted, the reply is nobody's fault and somebody else's need: one of those who wait asks in its place.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Runs an effect, or waits for the one that runs under the same key. `led`: whether it was run for this caller. */
export type SingleFlight<A, E> = (
  key: string,
  effect: Effect.Effect<A, E>
) => Effect.Effect<{ readonly value: A; readonly led: boolean }, E>

export const make = <A, E>(): SingleFlight<A, E> => {
  /** `undefined`: whoever led it gave up. */
  const flights = new Map<string, Deferred.Deferred<Exit.Exit<A, E> | undefined>>()

  const join: SingleFlight<A, E> = (key, effect) =>
    Effect.uninterruptibleMask((restore) => {
      const known = flights.get(key)
      if (known !== undefined) {
        return Effect.flatMap(restore(Deferred.await(known)), (landed) =>
          landed === undefined ? restore(join(key, effect)) : Effect.map(landed, (value) => ({ value, led: false }))
        )
      }
      const flight = Deferred.makeUnsafe<Exit.Exit<A, E> | undefined>()
      flights.set(key, flight)
      return restore(effect).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            flights.delete(key)
            const gaveUp = Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)
            Deferred.doneUnsafe(flight, Effect.succeed(gaveUp ? undefined : exit))
          })
        ),
        Effect.map((value) => ({ value, led: true }))
      )
    })
  return join
}
