/**
 * Time as a program in a jail takes it. The clock at hand may be a test's, which stands still, and then a program that hangs
 * would hang for ever.
 */
import { Clock } from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

const clock = Clock.defaultValue()

/** Milliseconds since some instant, never fewer than before. */
export const now: Effect.Effect<number> = Effect.map(clock.monotonicTimeNanos, (nanos) => Number(nanos / 1000n) / 1000)

export const sleep = (millis: number): Effect.Effect<void> => clock.sleep(Duration.millis(millis))
