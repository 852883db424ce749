/**
 * The models of a run with the usual policies around them, as one layer, from the outside: secrets, span, journal, meter,
 * cache, budget, the memory of a dead provider, the chain of providers, retries, the limit on concurrent calls, the
 * deadline of an attempt, the provider. All roles share one meter, one journal and one budget.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Cache } from "../cache/Cache.ts"
import { Journal } from "../journal/Journal.ts"
import * as Secrets from "../model/Secrets.ts"
import type { Service } from "../model/Service.ts"
import { BackwardModel, type Models, OptimizerModel, type Source, TextModel } from "../model/TextModel.ts"
import * as Budget from "./Budget.ts"
import * as Circuit from "./Circuit.ts"
import * as Concurrency from "./Concurrency.ts"
import * as Fallback from "./Fallback.ts"
import * as Masking from "./Masking.ts"
import * as ReplySize from "./ReplySize.ts"
import * as Retry from "./Retry.ts"
import * as Telemetry from "./Telemetry.ts"
import * as UsageMeter from "./UsageMeter.ts"

export interface Options<E1, R1, E2, R2, E3, R3> {
  readonly forward: Source<E1, R1>
  /** Who judges and criticises. Default: the forward model. */
  readonly backward?: Source<E2, R2>
  /** Who proposes. Default: whoever criticises. */
  readonly optimizer?: Source<E3, R3>
  /** Calls at once for each source given: roles that share one source share its places. Default 16. */
  readonly concurrency?: number
  /** What may be spent in all. Default: no limit. A limit in US dollars needs `Prices` that know the models. */
  readonly budget?: Partial<Budget.Limits>
  readonly retry?: Partial<Retry.Options>
  /** A longer reply fails with `ReplyTooLarge`, in characters. Default 16 Mi. */
  readonly maxReplyLength?: number
}

/** The three roles, metered, limited and retried. */
export const layer = <E1, R1, E2 = never, R2 = never, E3 = never, R3 = never>(
  options: Options<E1, R1, E2, R2, E3, R3>
): Layer.Layer<Models, E1 | E2 | E3 | Budget.PriceUnknown, R1 | R2 | R3> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const journal = yield* Journal
      const cache = yield* Cache
      const budget = yield* Budget.make(options.budget, journal.history.records)
      const meter = yield* UsageMeter.make(budget.spend)
      const provided = <E, R>(source: Source<E, R>) =>
        Effect.map(Layer.build(TextModel.layer(source)), (context) => Context.get(context, TextModel))
      const solver = yield* provided(options.forward)
      const critic = options.backward === undefined ? undefined : yield* provided(options.backward)
      const editor = options.optimizer === undefined ? undefined : yield* provided(options.optimizer)
      // no model is told, or quoted with, the key of another
      const secrets = Secrets.and(
        yield* Secrets.Known,
        [solver, critic, editor].flatMap((model) =>
          [model, ...(model?.alternatives ?? [])].flatMap((provider) => provider?.secrets ?? [])
        )
      )
      const known = new Map<Service["complete"], Service>()
      const attempted = Effect.fnUntraced(function* (provider: Service) {
        // one that plays several roles, or stands in several chains, has its places once
        const before = known.get(provider.complete)
        if (before !== undefined) return before
        const limit = yield* Concurrency.limited(options.concurrency ?? 16, options.retry)
        // the deadline is inside the limit: a call that waits for a free place has not been begun
        const attempt = yield* budget.attempts(
          journal.sending(Masking.answering(secrets)(ReplySize.limited(options.maxReplyLength)(provider))),
          Retry.deadline(options.retry)
        )
        const guarded = Retry.again(options.retry)(limit(Telemetry.attempted(attempt)))
        known.set(provider.complete, guarded)
        return guarded
      })
      // each model of a chain has its own places, attempts and account; to everything outside they are one
      const reached = Effect.fnUntraced(function* (provider: Service) {
        if (provider.alternatives === undefined) return yield* attempted(provider)
        const [first, ...others] = provider.alternatives
        return Fallback.chain([yield* attempted(first), ...(yield* Effect.forEach(others, attempted))])
      })
      const guard = Effect.fnUntraced(function* (provider: Service) {
        const paid = budget.calls(Circuit.make(Circuit.dead)(yield* reached(provider)))
        // counted as soon as it is here: a call may be interrupted while its reply is being kept. What a resumed run reads
        // from its journal was used by it too
        const counted = UsageMeter.metered(meter)(cache.cached(paid))
        const kept = budget.kept(journal.replaying(counted, ({ usage }) => meter.add(usage)))
        return Masking.asking(secrets)(Telemetry.called(kept))
      })
      const forward = yield* guard(solver)
      const backward = critic === undefined ? forward : yield* guard(critic)
      const optimizer = editor === undefined ? backward : yield* guard(editor)
      return Context.make(TextModel, forward).pipe(
        Context.add(BackwardModel, backward),
        Context.add(OptimizerModel, optimizer),
        Context.add(Secrets.Known, secrets),
        Context.add(UsageMeter.UsageMeter, meter)
      )
    })
  )
