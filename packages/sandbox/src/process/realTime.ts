/**
 * Time as a program in a jail takes it. Effect's clock may be a test's, which stands still: a program that hangs would then
 * hang for ever.
 */
import { performance } from "node:perf_hooks"
import * as Effect from "effect/Effect"

/** Milliseconds since some instant; they only grow. */
export const now: Effect.Effect<number> = Effect.sync(() => performance.now())

export const sleep = (millis: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const timer = setTimeout(() => resume(Effect.void), millis)
    return Effect.sync(() => clearTimeout(timer))
  })
