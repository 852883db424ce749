/**
 * Programs that run at once: as many as the machine has processors, over all jails of this process. More would take each
 * other's time, and a limit would end what is quick enough alone.
 */
import { availableParallelism } from "node:os"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/** The processors that are free. Another semaphore may be provided, for a machine that is not ours alone. */
export const Processors: Context.Reference<Semaphore.Semaphore> = Context.Reference<Semaphore.Semaphore>(
  "@backprose/sandbox/Processors",
  { defaultValue: () => Semaphore.makeUnsafe(availableParallelism()) }
)

/** Runs a program as soon as a processor is free; the wait is no part of its time. */
export const whenFree = <A, E, R>(run: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Processors, (processors) => processors.withPermit(run))
