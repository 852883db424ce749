/**
 * Events of a provider folded into parts of a streamed response, with an end that knows what is still open.
 */
import type { AiError } from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

type Parts = ReadonlyArray<Response.StreamPartEncoded>

/** How one API streams. */
export interface Folding<Body, Event, State> {
  readonly request: Effect.Effect<Body, AiError>
  readonly events: (body: Body) => Stream.Stream<Event, AiError>
  readonly initial: State
  readonly step: (state: State, event: Event) => readonly [State, Parts]
  readonly end: (state: State) => Effect.Effect<Parts, AiError>
  /** Looks at the parts of the end. */
  readonly seen: (parts: Parts) => void
}

const last = Symbol()

/** The parts of a response as its events come in. */
export const events = <Body, Event, State>(
  folding: Folding<Body, Event, State>
): Stream.Stream<Response.StreamPartEncoded, AiError> =>
  Stream.unwrap(Effect.map(folding.request, folding.events)).pipe(
    Stream.concat(Stream.succeed(last)),
    Stream.mapAccumEffect(
      () => folding.initial,
      (state, event: Event | typeof last) =>
        event === last
          ? Effect.map(folding.end(state), (parts) => {
              folding.seen(parts)
              return [state, parts] as const
            })
          : Effect.succeed(folding.step(state, event as Event))
    )
  )
