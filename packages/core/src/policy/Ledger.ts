/**
 * The books of a budget: what is spent, what is set aside for requests in flight, and who waits until some of that comes
 * back. Each entry happens at once or not at all, so no two requests can overshoot a limit together.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { BudgetExceeded } from "../model/TextModelError.ts"
import { refusal } from "./refusal.ts"

/** What is counted of a request. */
export interface Amount {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Millionths of a US dollar: prices are dollars a million tokens, so these add up to the last digit. */
  readonly microUsd: number
}

/** Nothing. */
export const nothing: Amount = { inputTokens: 0, outputTokens: 0, microUsd: 0 }

/** The limits of a ledger; what is left out has none. */
export interface Caps {
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
  /** Input and output together. */
  readonly tokens?: number | undefined
  readonly microUsd?: number | undefined
}

export interface Ledger {
  /**
   * Runs a request with its amount set aside. Where that does not fit, it waits for what requests in flight may give back,
   * first come first served, and is refused where nothing is in flight.
   */
  readonly during: <A, E>(
    /** What to set aside; asked again whenever there may be room. */
    amount: () => Amount,
    request: Effect.Effect<A, E>,
    /** What it used; `undefined` where nobody knows: then it counts with all that was set aside for it. */
    used: (exit: Exit.Exit<A, E>) => Amount | undefined
  ) => Effect.Effect<A, E | BudgetExceeded>
  /** Spent for good. */
  readonly spent: () => Amount
  /** Set aside for requests in flight. */
  readonly reserved: () => Amount
}

/** Both together. */
export const plus = (a: Amount, b: Amount): Amount => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  microUsd: a.microUsd + b.microUsd
})

const minus = (a: Amount, b: Amount): Amount => ({
  inputTokens: a.inputTokens - b.inputTokens,
  outputTokens: a.outputTokens - b.outputTokens,
  microUsd: a.microUsd - b.microUsd
})

/** What each limit counts, and how much of it is one of what people are told. */
const limits = [
  ["usd", "microUsd", ({ microUsd }: Amount) => microUsd, 1e6],
  ["tokens", "tokens", ({ inputTokens, outputTokens }: Amount) => inputTokens + outputTokens, 1],
  ["inputTokens", "inputTokens", ({ inputTokens }: Amount) => inputTokens, 1],
  ["outputTokens", "outputTokens", ({ outputTokens }: Amount) => outputTokens, 1]
] as const

interface Waiting {
  readonly amount: () => Amount
  readonly called: Deferred.Deferred<Amount, BudgetExceeded>
  /** What is set aside for it, once it is let in. */
  held: Amount | undefined
}

/** Books that begin with what was spent before. */
export const make = (caps: Caps, before: Amount = nothing): Ledger => {
  let spent = before
  let reserved = nothing
  let inFlight = 0
  const queue: Array<Waiting> = []

  const refused = (amount: Amount): BudgetExceeded | undefined => {
    for (const [of, name, count, unit] of limits) {
      const cap = caps[name]
      if (cap !== undefined && count(spent) + count(reserved) + count(amount) > cap) {
        return refusal(of, cap / unit, count(spent) / unit, count(amount) / unit)
      }
    }
    return undefined
  }

  const take = (amount: Amount): Amount => {
    reserved = plus(reserved, amount)
    inFlight += 1
    return amount
  }

  const settle = (held: Amount, used: Amount) => {
    inFlight -= 1
    // nothing in flight is nothing set aside, whatever adding and subtracting fractions has left
    reserved = inFlight === 0 ? nothing : minus(reserved, held)
    spent = plus(spent, used)
    serve()
  }

  /** Lets in who fits, in their order; the first who does not fit holds up the others as long as there is hope. */
  const serve = () => {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      const amount = first.amount()
      const no = refused(amount)
      if (no !== undefined && inFlight > 0) return
      queue.shift()
      if (no === undefined) first.held = take(amount)
      Deferred.doneUnsafe(first.called, no === undefined ? Effect.succeed(amount) : Effect.fail(no))
    }
  }

  const leave = (waiting: Waiting) => {
    // let in and interrupted at once: it never went out
    if (waiting.held !== undefined) return settle(waiting.held, nothing)
    const place = queue.indexOf(waiting)
    if (place >= 0) queue.splice(place, 1)
    serve()
  }

  return {
    during: (amount, request, used) =>
      Effect.uninterruptibleMask((restore) => {
        const waiting: Waiting = { amount, called: Deferred.makeUnsafe(), held: undefined }
        return Effect.suspend(() => {
          queue.push(waiting)
          serve()
          return Effect.onInterrupt(restore(Deferred.await(waiting.called)), () => Effect.sync(() => leave(waiting)))
        }).pipe(
          Effect.flatMap((held) =>
            Effect.onExit(restore(request), (exit) => Effect.sync(() => settle(held, used(exit) ?? held)))
          )
        )
      }),
    spent: () => spent,
    reserved: () => reserved
  }
}
