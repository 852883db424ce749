/**
 * A limit on what a run may spend: calls, tokens, money, time. What a request may use at most is set aside before it goes
 * out and settled when it is back, over all roles, so concurrent calls cannot overshoot together.
 *
 * Calls are counted around retries, a call that is asked again once; tokens and money inside, each attempt for itself.
 * A limit holds where requests declare `maxOutputTokens`. Where they do not, as much as the largest reply so far is set
 * aside, and the requests in flight at the end may overshoot by what their replies are larger. Pictures are estimated.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import type { Record } from "../journal/Record.ts"
import type { Completion } from "../model/Completion.ts"
import type { Request } from "../model/Request.ts"
import { decorated, type Service } from "../model/Service.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import * as Account from "./Account.ts"
import * as Charge from "./Charge.ts"
import * as Ledger from "./Ledger.ts"
import * as Price from "./Price.ts"
import { type PriceUnknown, priceUnknown } from "./PriceUnknown.ts"
import * as Restored from "./Restored.ts"
import { refusal } from "./refusal.ts"
import * as Spend from "./Spend.ts"

export { PriceUnknown } from "./PriceUnknown.ts"

/** What a run may spend, over all roles and all of its sessions. What is left out has no limit. */
export interface Limits {
  /** Completions: one that is asked again counts once, one that fails counts too. */
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Input and output together. */
  readonly tokens: number
  /** US dollars. Every model must have a price that is known. */
  readonly usd: number
  /** From the first call on. Later calls are refused, and those in flight are ended. */
  readonly time: Duration.Input
}

/** A budget, shared by all models that it is put around. */
export interface Budget {
  /** Counts calls, and ends them in time. Belongs around retries. */
  readonly calls: (model: Service) => Service
  /** Goes around the journal: a call is done, for those who wait to be refused, when its reply is kept. */
  readonly kept: (model: Service) => Service
  /**
   * Sets aside, counts and settles each attempt. Belongs inside retries and the limit on concurrent calls. `deadline`: of
   * an attempt; waiting for the budget is not in it. Fails where money is limited and the model's price is not known.
   */
  readonly attempts: (model: Service, deadline?: (model: Service) => Service) => Effect.Effect<Service, PriceUnknown>
  /** The account so far. */
  readonly spend: Effect.Effect<Spend.Spend>
}

/** A limit that is no number allows nothing. */
const cap = (limit: number | undefined): number | undefined => (Number.isNaN(limit) ? 0 : limit)

/** A budget. `history`: the records of a run that is resumed; what it had spent, it has. */
export const make = Effect.fnUntraced(function* (
  limits: Partial<Limits> = {},
  history: ReadonlyArray<Record> = []
): Effect.fn.Return<Budget> {
  const restored = yield* Restored.of(history)
  const usd = cap(limits.usd)
  const ledger = Ledger.make(
    {
      inputTokens: cap(limits.inputTokens),
      outputTokens: cap(limits.outputTokens),
      tokens: cap(limits.tokens),
      // 0.57 dollars are 570,000 of these, and not a ten-thousandth less
      microUsd: usd === undefined ? undefined : Math.round(usd * 1e9) / 1e3
    },
    restored.spent
  )
  let account = restored.account

  const used = (
    exit: Exit.Exit<Completion, TextModelError>,
    request: Request,
    price: Price.Price | undefined
  ): Ledger.Amount | undefined => {
    const error = Option.getOrUndefined(Exit.findErrorOption(exit))
    const reply = Exit.isSuccess(exit) ? exit.value : error === undefined ? undefined : Charge.failedReply(error)
    if (reply !== undefined) {
      const charge = Charge.ofReply(reply, request, price)
      account = Account.replied(account, charge)
      return charge.amount
    }
    const fate = error === undefined ? Spend.cancelled : Spend.fateOf(error._tag)
    account = Account.failed(account, fate)
    return fate.billed ? undefined : Ledger.nothing
  }

  const attempts: Budget["attempts"] = Effect.fnUntraced(function* (model, deadline = (model) => model) {
    const price = yield* Price.of(model.identity)
    if (price === undefined && usd !== undefined) return yield* priceUnknown(model.identity)
    return decorated(model, (request) =>
      Effect.suspend(() => {
        let sent = false
        const noted = decorated(model, (request) =>
          Effect.suspend(() => {
            sent = true
            account = Account.sent(account)
            return model.complete(request)
          })
        )
        return ledger.during(
          () => Charge.most(request, price, account.largestReply),
          deadline(noted).complete(request),
          (exit) => (sent ? used(exit, request, price) : Ledger.nothing)
        )
      })
    )
  })

  const counted = countedCalls(cap(limits.calls), restored.calls)
  const timed = limits.time === undefined ? undefined : yield* timedCalls(limits.time, restored.elapsedMs)
  return {
    calls: (model) => counted.calls(timed === undefined ? model : timed(model)),
    kept: counted.kept,
    attempts,
    spend: Effect.sync(() => Account.spend(account))
  }
})

/** A call under way, from its place outside of the journal to its place inside: whether it was begun. */
interface UnderWay {
  begun: boolean
}
const UnderWay = Context.Reference<UnderWay | undefined>("@backprose/core/Budget/UnderWay", {
  defaultValue: () => undefined
})

/**
 * Calls up to a number. Who comes too late is told so when the others are done, and their replies kept: what they paid for
 * is not thrown away.
 */
const countedCalls = (limit: number | undefined, before: number): Pick<Budget, "calls" | "kept"> => {
  if (limit === undefined) return { calls: (model) => model, kept: (model) => model }
  let [begun, active] = [before, 0]
  const idle = Latch.makeUnsafe(true)
  const done = Effect.sync(() => {
    active -= 1
    if (active === 0) idle.openUnsafe()
  })
  return {
    calls: (model) =>
      decorated(model, (request) =>
        Effect.flatMap(UnderWay, (underWay) => {
          if (begun >= limit) return Effect.andThen(idle.await, Effect.fail(refusal("calls", limit, begun)))
          begun += 1
          active += 1
          idle.closeUnsafe()
          if (underWay === undefined) return Effect.ensuring(model.complete(request), done)
          underWay.begun = true
          return model.complete(request)
        })
      ),
    kept: (model) =>
      decorated(model, (request) =>
        Effect.suspend(() => {
          const underWay: UnderWay = { begun: false }
          return model
            .complete(request)
            .pipe(
              Effect.provideService(UnderWay, underWay),
              Effect.ensuring(Effect.suspend(() => (underWay.begun ? done : Effect.void)))
            )
        })
      )
  }
}

/** Calls within a time that begins with the first of them. */
const timedCalls = Effect.fnUntraced(function* (time: Duration.Input, before: number) {
  const limit = Duration.toMillis(time)
  let first: number | undefined
  const over = (now: number) => refusal("time", limit, before + now - (first ?? now))
  return (model: Service): Service =>
    decorated(model, (request) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        first ??= now
        const left = limit - before - (now - first)
        return left <= 0
          ? Effect.fail(over(now))
          : Effect.timeoutOrElse(model.complete(request), {
              duration: left,
              orElse: () => Effect.flatMap(Clock.currentTimeMillis, (then) => Effect.fail(over(then)))
            })
      })
    )
})
