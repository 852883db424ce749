/**
 * How many calls may be at a provider at once, over all roles that share it. A provider that refuses a call as one too
 * many is left alone by all of them until it may be asked again, and gets fewer at once from then on.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { decorated, type Service } from "../model/Service.ts"
import { RateLimited } from "../model/TextModelError.ts"
import { Call } from "./Call.ts"
import * as Pace from "./Pace.ts"
import * as Retry from "./Retry.ts"

/** How patient the calls are. */
export type Options = Pick<Retry.Options, "longestPause">

const tooSoon = (waitMs: number) =>
  new RateLimited({
    message: `the provider asked not to be called for another ${Math.ceil(waitMs / 1000)} s`,
    retryAfterMs: waitMs
  })

/**
 * A decorator for every role that asks one provider: at most `calls` at once, in the order in which they came. After a
 * `RateLimited` nobody asks before the time that it names, and half as many at once afterwards; each round of successes
 * gives one place back. A call that could not wait that long (`longestPause`, its deadline) fails at once with
 * `RateLimited`, without being made.
 */
export const limited = (calls: number, options: Partial<Options> = {}): Effect.Effect<(model: Service) => Service> => {
  // no place at all would be waiting for ever
  const most = Math.max(1, calls)
  const longestMs = Duration.toMillis(options.longestPause ?? Retry.defaults.longestPause)
  return Effect.map(Semaphore.make(most), (semaphore) => {
    let pace = Pace.full(most)
    const change = (next: Pace.Pace): Effect.Effect<void> => {
      const before = pace.places
      pace = next
      return next.places === before ? Effect.void : semaphore.resize(next.places)
    }

    const rested = Effect.gen(function* () {
      const call = yield* Call
      while (true) {
        const wait = pace.until - (yield* Clock.currentTimeMillis)
        if (wait <= 0) return
        if (wait > longestMs || (call !== undefined && pace.until >= call.deadline)) return yield* tooSoon(wait)
        yield* Effect.sleep(wait)
      }
    })

    return (model) =>
      decorated(model, (request) =>
        semaphore.withPermit(
          Effect.andThen(
            rested,
            Effect.suspend(() => {
              const { era } = pace
              return model.complete(request).pipe(
                Effect.tap(() => change(Pace.answered(pace, most))),
                Effect.tapError((error) =>
                  error._tag === "RateLimited"
                    ? Effect.flatMap(Clock.currentTimeMillis, (now) =>
                        change(Pace.refused(pace, era, now, error.retryAfterMs))
                      )
                    : Effect.void
                )
              )
            })
          )
        )
      )
  })
}
