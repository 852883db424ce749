/**
 * A memory of a provider's failures, so that call after call does not find out for itself, at the length of all its
 * retries, that nobody is there.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Completion } from "../model/Completion.ts"
import { decorated, type Service } from "../model/Service.ts"
import { isOwnRefusal, ProviderUnavailable, type TextModelError } from "../model/TextModelError.ts"

export interface Options {
  /** Which failures speak of the provider and not of what it was asked. */
  readonly counts: (error: TextModelError) => boolean
  /** So many calls in a row, each with all its attempts. */
  readonly calls: number
  /** So long without an answer, where there has ever been one: a short trouble fails some calls, not all that follow. */
  readonly silent: Duration.Input
  /** How long nobody asks then; after that one call finds out whether it is over. */
  readonly rest: Duration.Input
  /** What the calls are told that are not made, and the one that found out. */
  readonly says: (error: TextModelError, silentMs: number) => TextModelError
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/**
 * For the only provider of a role: it counts as dead after three calls that failed with all their attempts, when it has
 * never answered or not for half a minute. Every call is then told so at once, with `silentMs`, which ends a run.
 */
export const dead: Options = {
  counts: ({ _tag }) => _tag === "ProviderUnavailable" || _tag === "TimedOut",
  calls: 3,
  silent: "30 seconds",
  rest: "30 seconds",
  says: (error, silentMs) =>
    new ProviderUnavailable({
      message: `no call has been answered for ${seconds(silentMs)}; the last: ${error.message}`,
      silentMs
    })
}

/** A decorator with a memory of its own, for the calls of one provider with all their attempts: outside of `Retry`. */
export const make = (options: Options): ((model: Service) => Service) => {
  const silentMs = Duration.toMillis(options.silent)
  const restMs = Duration.toMillis(options.rest)
  let answered = false
  let failed = 0
  let since = 0
  let closed: { readonly error: TextModelError; until: number } | undefined

  const succeeded = (): void => {
    answered = true
    failed = 0
    closed = undefined
  }

  /** What is known after one more failure of a call that began at `begun`. */
  const trouble = (error: TextModelError, begun: number, now: number): TextModelError => {
    since = failed === 0 ? begun : Math.min(since, begun)
    failed += 1
    const sure = failed >= options.calls && (!answered || now - since >= silentMs)
    if (!sure) return error
    closed = { error, until: now + restMs }
    return options.says(error, now - since)
  }

  return (model) =>
    decorated(
      model,
      Effect.fnUntraced(function* (request): Effect.fn.Return<Completion, TextModelError> {
        const begun = yield* Clock.currentTimeMillis
        if (closed !== undefined) {
          if (begun < closed.until) return yield* options.says(closed.error, begun - since)
          // this one finds out; where it is interrupted, another does
          closed.until = Number.POSITIVE_INFINITY
        }
        const finding = closed
        return yield* model.complete(request).pipe(
          Effect.tap(() => Effect.sync(succeeded)),
          Effect.catch((error) =>
            Effect.flatMap(Clock.currentTimeMillis, (now) => {
              if (options.counts(error)) return Effect.fail(trouble(error, begun, now))
              if (!isOwnRefusal(error)) succeeded()
              return Effect.fail(error)
            })
          ),
          Effect.onExit((exit) =>
            Effect.sync(() => {
              // neither an answer nor a failure of the provider's
              if (finding !== undefined && finding === closed && Exit.isFailure(exit)) finding.until = begun
            })
          )
        )
      })
    )
}
