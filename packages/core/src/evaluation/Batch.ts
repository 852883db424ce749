/**
 * Examples run together, and what becomes of those that fail. One that fails takes no other with it; results are told and
 * given in the order of the examples, whichever was faster.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { within } from "../model/Place.ts"
import * as Retry from "../policy/Retry.ts"
import * as Example from "../task/Example.ts"
import { inOrder } from "./inOrder.ts"

/**
 * `skip`: a failed example is reported and left out; `fail`: the first of them, in the order of the examples, ends all
 * with its error; `later`: one that failed in a way that may pass (rate limit, network, deadline) is tried once more
 * after the rest, then skipped.
 */
export type OnFailure = "skip" | "fail" | "later"

/** Examples by their places in their set, and how one is run. */
export interface Options<RB, F, R, R2> {
  readonly places: ReadonlyArray<number>
  readonly one: (place: number) => Effect.Effect<Example.Outcome<RB, F>, F, R>
  readonly concurrency: number
  readonly onFailure: OnFailure
  readonly onResult: (result: Example.Result) => Effect.Effect<void, never, R2>
}

const longestPause = Duration.toMillis(Retry.defaults.longestPause)

/** How long to stay away before trying again, in milliseconds; `undefined` where trying again is no use, or too soon. */
const pause = (error: unknown): number | undefined => {
  if (!Example.mayPass(error)) return undefined
  const asked = ("retryAfterMs" in error ? error.retryAfterMs : undefined) ?? 0
  return asked <= longestPause ? asked : undefined
}

/** The outcomes in the order of the examples. Fails where every example would (no key, no budget), or as `fail` says. */
export const run = Effect.fnUntraced(function* <RB, F, R, R2>(
  options: Options<RB, F, R, R2>
): Effect.fn.Return<ReadonlyArray<Example.Outcome<RB, F>>, F, R | R2> {
  const { places, one, concurrency, onFailure, onResult } = options
  type Outcome = Example.Outcome<RB, F>
  const told = inOrder((outcome: Outcome) =>
    Effect.andThen(
      onResult(outcome.result),
      onFailure === "fail" && outcome.result._tag === "Failed" ? Effect.fail(outcome.error as F) : Effect.void
    )
  )
  const postponed: Array<{ readonly at: number; readonly from: number }> = []
  const outcomes: Array<Outcome> = []
  const keep = (at: number, outcome: Outcome) =>
    Effect.suspend(() => {
      outcomes[at] = outcome
      return told(at, outcome)
    })

  yield* Effect.forEach(
    places,
    Effect.fnUntraced(function* (place, at) {
      const outcome = yield* one(place)
      const wait = onFailure === "later" ? pause(outcome.error) : undefined
      if (wait === undefined) return yield* keep(at, outcome)
      postponed.push({ at, from: (yield* Clock.currentTimeMillis) + wait })
    }),
    { concurrency, discard: true }
  )
  yield* Effect.forEach(
    postponed.sort((a, b) => a.at - b.at),
    Effect.fnUntraced(function* ({ at, from }) {
      const now = yield* Clock.currentTimeMillis
      if (from > now) yield* Effect.sleep(from - now)
      yield* keep(at, yield* within("again")(one(places[at]!)))
    }),
    { concurrency, discard: true }
  )
  return outcomes
})
