/**
 * Calls made at once, of which the fastest failure is not the one that is told: what a run says and does next must not
 * depend on which reply came first.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isTextModelError, isUnusable } from "./TextModelError.ts"

/** What lies behind a failure that names one. */
export const reasonOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "reason" in error ? error.reason : error

/** Whether a failure lies in one request or its reply, so that the calls beside it may well succeed. */
export const ofOneCall = (error: unknown): boolean => {
  const reason = reasonOf(error)
  return isTextModelError(reason) && isUnusable(reason)
}

/**
 * All results in order, or a failure: where replies could not be used, the first of those failures in the order of the
 * items, once all are back; any other failure (key, provider, budget) at once, as the others would meet it too. `waits`:
 * which failures let the others end first.
 */
export const together = <A, B, E, R>(
  items: ReadonlyArray<A>,
  call: (item: A, index: number) => Effect.Effect<B, E, R>,
  waits: (error: E) => boolean = ofOneCall
): Effect.Effect<ReadonlyArray<B>, E, R> =>
  Effect.forEach(
    items,
    (item, index) =>
      Effect.matchEffect(call(item, index), {
        onSuccess: (result) => Effect.succeed(Result.succeed(result)),
        onFailure: (error) => (waits(error) ? Effect.succeed(Result.fail(error)) : Effect.fail(error))
      }),
    { concurrency: "unbounded" }
  ).pipe(Effect.flatMap((results) => Effect.fromResult(Result.all(results))))
