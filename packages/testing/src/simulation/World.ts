/**
 * A machine for one process, in which nothing is real: a scheduler that decides by dice which fiber runs next, and a clock
 * that jumps to the next timer as soon as nobody has anything to do. A program in it can be stopped between any two of
 * its moments, as a power cut would stop it: no finalizer runs, nothing is told.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Scheduler from "effect/Scheduler"
import * as Dice from "./Dice.ts"

/** How a process ended: by itself, stopped from outside, or never, since nothing would ever have happened again. */
export type Ending<A, E> =
  | { readonly _tag: "Ended"; readonly exit: Exit.Exit<A, E> }
  | { readonly _tag: "Stopped" }
  | { readonly _tag: "Stuck" }
  | { readonly _tag: "Endless" }

export interface World {
  /** Milliseconds since 1970, virtual. */
  readonly now: () => number
  /** How many moments have passed: tasks of fibers and timers, each one. */
  readonly moments: () => number
  /** Timers that are still to ring. */
  readonly timers: () => number
  /**
   * Runs a program to its end. `stopAt`: the moment from which on nothing happens any more. `interruptAt`: the moment in
   * which it is told to stop, and may.
   */
  readonly run: <A, E>(effect: Effect.Effect<A, E>, options?: RunOptions) => Ending<A, E>
}

export interface RunOptions {
  readonly stopAt?: number | undefined
  readonly interruptAt?: number | undefined
  /** Called in the moment of the interruption. */
  readonly onInterrupt?: () => void
}

interface Timer {
  readonly at: number
  readonly ring: () => void
}

interface Task {
  readonly priority: number
  readonly run: () => void
}

/** More moments than any run of a test has: beyond it, a program is taken to go on for ever. */
const endless = 5_000_000

/** A world that begins at a time, with all its chance from a seed. */
export const make = (options: { readonly seed: string; readonly startAt: number }): World => {
  const dice = Dice.make(`${options.seed}/scheduler`)
  // how long a fiber may go on before others get their turn: another interleaving each
  const patience = dice.pick([16, 64, 256, 2048])
  const timers: Array<Timer> = []
  /** The queues that have something in them; a fiber keeps the order of its own. */
  const ready: Array<Array<Task>> = []
  let now = options.startAt
  let moments = 0

  const scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: (fiber) => fiber.currentOpCount >= patience,
    makeDispatcher: () => {
      const tasks: Array<Task> = []
      return {
        scheduleTask: (run, priority) => {
          if (tasks.length === 0) ready.push(tasks)
          const place = tasks.findIndex((other) => other.priority > priority)
          tasks.splice(place === -1 ? tasks.length : place, 0, { priority, run })
        },
        flush: () => {
          while (tasks.length > 0) tasks.shift()!.run()
          const place = ready.indexOf(tasks)
          if (place !== -1) ready.splice(place, 1)
        }
      }
    }
  }

  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => now,
    currentTimeNanosUnsafe: () => nanos(now),
    monotonicTimeNanosUnsafe: () => nanos(now),
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(() => nanos(now)),
    monotonicTimeNanos: Effect.sync(() => nanos(now)),
    sleep: (duration) => {
      const millis = Duration.toMillis(duration)
      if (millis <= 0) return Effect.yieldNow
      if (!Number.isFinite(millis)) return Effect.never
      return Effect.callback((resume) => {
        const timer: Timer = { at: now + millis, ring: () => resume(Effect.void) }
        const place = timers.findIndex((other) => other.at > timer.at)
        timers.splice(place === -1 ? timers.length : place, 0, timer)
        return Effect.sync(() => {
          const left = timers.indexOf(timer)
          if (left !== -1) timers.splice(left, 1)
        })
      })
    }
  }

  const context = Context.make(Scheduler.Scheduler, scheduler).pipe(
    Context.add(Clock.Clock, clock),
    Context.add(Random.Random, Dice.make(`${options.seed}/random`).random)
  )

  /** One moment, of whoever is next. Whether there was one. */
  const pass = (): boolean => {
    if (ready.length > 0) {
      const chosen = dice.below(ready.length)
      const tasks = ready[chosen]!
      const task = tasks.shift()!
      if (tasks.length === 0) ready.splice(chosen, 1)
      moments += 1
      task.run()
      return true
    }
    const timer = timers.shift()
    if (timer === undefined) return false
    now = Math.max(now, timer.at)
    moments += 1
    timer.ring()
    return true
  }

  return {
    now: () => now,
    moments: () => moments,
    timers: () => timers.length,
    run: (effect, { interruptAt, onInterrupt, stopAt } = {}) => {
      // begins with the first moment, so that a world can stop before anything was done
      const fiber = Effect.runForkWith(context)(Effect.andThen(Effect.yieldNow, effect))
      let interrupted = false
      while (true) {
        const exit = fiber.pollUnsafe()
        if (exit !== undefined) {
          // what was started on the way and is done at once; what needs time now is left over
          if (ready.length === 0 || moments >= endless) return { _tag: "Ended", exit }
          pass()
          continue
        }
        if (stopAt !== undefined && moments >= stopAt) return { _tag: "Stopped" }
        if (interruptAt !== undefined && moments >= interruptAt && !interrupted) {
          interrupted = true
          onInterrupt?.()
          fiber.interruptUnsafe()
          continue
        }
        if (moments >= endless) return { _tag: "Endless" }
        if (!pass()) return { _tag: "Stuck" }
      }
    }
  }
}

const nanos = (millis: number): bigint => BigInt(Math.round(millis * 1_000_000))
