/**
 * Where in a program a model call is made: the step, the example, the node of the graph. Calls that ask the same thing in
 * two places are two calls, so a journal can tell which reply was whose at any concurrency.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const separator = " / "

/** The place of what runs now, outermost name first; empty outside of any. */
export const Place: Context.Reference<string> = Context.Reference<string>("@backprose/core/Place", {
  defaultValue: () => ""
})

/** A place inside another. */
export const inside = (outer: string, name: string): string => (outer === "" ? name : `${outer}${separator}${name}`)

/**
 * Runs an effect in a place of its own. Parts of a program that run at once and may ask the same thing need different
 * names; the trainer names its steps, examples and nodes itself.
 */
export const within =
  (name: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Place, (outer) => Effect.provideService(effect, Place, inside(outer, name)))
