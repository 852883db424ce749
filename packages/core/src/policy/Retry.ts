/**
 * Retries in one place: what may pass by itself is asked again, with growing pauses, and never sooner than the provider
 * said. What cannot succeed (key, request, quota) is asked once; a reply that was paid for and cannot be read, once more.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Completion } from "../model/Completion.ts"
import type { Request } from "../model/Request.ts"
import { decorated, type Service } from "../model/Service.ts"
import { isMalformed, isRetryable, type TextModelError, TimedOut } from "../model/TextModelError.ts"
import { Call } from "./Call.ts"
import { Deadline } from "./Deadline.ts"
import { jitter } from "./jitter.ts"

export interface Options {
  /** Tries after the first. */
  readonly times: number
  /** The first pause; each further one is twice as long, give or take a fifth. */
  readonly base: Duration.Input
  /** The longest an attempt may take, its body included. */
  readonly attemptTimeout: Duration.Input
  /**
   * The longest a call may take from its first request on: all attempts, the pauses between them, and waiting for a place
   * again. The wait for its first place is not in it. Never shorter than one attempt.
   */
  readonly callTimeout: Duration.Input
  /** A provider that asks for a longer pause is not waited for: its error, which says how long, comes at once. */
  readonly longestPause: Duration.Input
}

/** Three attempts in all, half a second and then a second apart, each of two minutes at most, all of ten. */
export const defaults: Options = {
  times: 2,
  base: "500 millis",
  attemptTimeout: "2 minutes",
  callTimeout: "10 minutes",
  longestPause: "2 minutes"
}

/** How long the provider asked to stay away, in milliseconds. */
const asked = (error: TextModelError): number | undefined => ("retryAfterMs" in error ? error.retryAfterMs : undefined)

type Decorator = (model: Service) => Service

const timedOut = (afterMs: number, of: string) =>
  new TimedOut({ message: `no whole reply within ${afterMs} ms${of}`, afterMs })

/**
 * A model whose attempts end in time: each has its own, and all of a call together theirs. It belongs right around the
 * provider, inside a limit on concurrent calls: waiting for a free place is no fault of the provider's.
 */
export const deadline = (options: Partial<Options> = {}): Decorator => {
  const { attemptTimeout, callTimeout } = { ...defaults, ...options }
  const attemptMs = Duration.toMillis(attemptTimeout)
  const callMs = Math.max(attemptMs, Duration.toMillis(callTimeout))
  return (model) =>
    decorated(
      model,
      Effect.fnUntraced(function* (request): Effect.fn.Return<Completion, TextModelError> {
        const call = yield* Call
        const now = yield* Clock.currentTimeMillis
        if (call !== undefined && call.attempts++ === 0) call.deadline = Math.min(call.deadline, now + callMs)
        const left = (call?.deadline ?? (yield* Deadline)) - now
        const [ms, of] = left < attemptMs ? [Math.max(0, left), " that were left of its time"] : [attemptMs, ""]
        if (ms === 0) return yield* timedOut(ms, of)
        if (call !== undefined) call.asking = true
        return yield* model.complete(request).pipe(
          Effect.timeoutOrElse({ duration: ms, orElse: () => Effect.fail(timedOut(ms, of)) }),
          Effect.ensuring(
            Effect.sync(() => {
              if (call !== undefined) call.asking = false
            })
          )
        )
      })
    )
}

/** Ends a call that waits for its place beyond its deadline. An attempt under way is ended by its own, with what it did. */
const inTime = (attempt: ReturnType<Service["complete"]>, call: Call, now: number): typeof attempt => {
  if (call.deadline === Number.POSITIVE_INFINITY) return attempt
  const ms = Math.max(0, call.deadline - now)
  const late = Effect.suspend(() => (call.asking ? Effect.never : Effect.fail(timedOut(ms, ", waiting for a place"))))
  return Effect.raceFirst(attempt, Effect.delay(late, ms))
}

/**
 * A model that is asked again. Inside another one that is, it leaves that to the outer: attempts are counted over all
 * layers together.
 */
export const again = (options: Partial<Options> = {}): Decorator => {
  const { times, base, longestPause } = { ...defaults, ...options }
  const baseMs = Duration.toMillis(base)
  const longestMs = Duration.toMillis(longestPause)

  const retried = Effect.fnUntraced(function* (
    model: Service,
    request: Request
  ): Effect.fn.Return<Completion, TextModelError> {
    const call: Call = { deadline: yield* Deadline, attempts: 0, asking: false }
    let malformed = 0
    for (let failures = 0; ; failures++) {
      const begun = yield* Clock.currentTimeMillis
      const attempt = inTime(model.complete(request), call, begun)
      const result = yield* Effect.result(Effect.provideService(attempt, Call, call))
      if (Result.isSuccess(result)) return result.success
      const error = result.failure
      const hopeful = isMalformed(error) ? malformed++ === 0 : isRetryable(error)
      const wait = asked(error) ?? 0
      if (!hopeful || failures >= times || wait > longestMs) return yield* error
      const now = yield* Clock.currentTimeMillis
      const chance = jitter(request, failures, now)
      const own = Math.min(longestMs, baseMs * 2 ** failures)
      const pause = Math.ceil(Math.max(own * (0.8 + 0.4 * chance), wait * (1 + 0.1 * chance)))
      // whoever asked learns when to come back, instead of waiting for what cannot succeed any more
      if (now + pause >= call.deadline) return yield* error
      yield* Effect.sleep(pause)
    }
  })

  return (model) =>
    decorated(model, (request) =>
      Effect.flatMap(Call, (outer) => (outer === undefined ? retried(model, request) : model.complete(request)))
    )
}

/** A model that is asked again, each attempt with a deadline. Set a provider's own retries to 0. */
export const retrying =
  (options: Partial<Options> = {}): Decorator =>
  (model) =>
    again(options)(deadline(options)(model))
