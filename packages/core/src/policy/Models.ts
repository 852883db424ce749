/**
 * The models of a run with the usual policies around them, as one layer, from the outside: meter, journal, cache, budget,
 * retries, the limit on concurrent calls, the deadline of an attempt, the provider. All roles share one meter, one
 * journal and one budget.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Cache } from "../cache/Cache.ts"
import { Journal } from "../journal/Journal.ts"
import { decorated, type Service } from "../model/Service.ts"
import { BackwardModel, type Models, OptimizerModel, type Source, TextModel } from "../model/TextModel.ts"
import * as Budget from "./Budget.ts"
import * as Concurrency from "./Concurrency.ts"
import * as Retry from "./Retry.ts"
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
}

/** The three roles, metered, limited and retried. */
export const layer = <E1, R1, E2 = never, R2 = never, E3 = never, R3 = never>(
  options: Options<E1, R1, E2, R2, E3, R3>
): Layer.Layer<Models, E1 | E2 | E3 | Budget.PriceUnknown, R1 | R2 | R3> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const meter = yield* UsageMeter.make
      const journal = yield* Journal
      const cache = yield* Cache
      const budget = options.maxCalls === undefined ? undefined : yield* Budget.limited({ calls: options.maxCalls })
      const guard = Effect.fnUntraced(function* (provider: Service) {
        const limit = yield* Concurrency.limited(options.concurrency ?? 16)
        // the deadline is inside the limit: a call that waits for a free place has not been begun
        const attempt = limit(Retry.deadline(options.retry)(journal.sending(provider)))
        const asked = Retry.again(options.retry)(attempt)
        const paid = budget === undefined ? asked : budget(asked)
        // the meter is outside: what a resumed run reads from its journal was used by it too
        return traced(UsageMeter.metered(meter)(journal.replaying(cache.cached(paid))))
      })
      const build = <E, R>(source: Source<E, R>) =>
        Effect.flatMap(Layer.build(TextModel.layer(source)), (context) => guard(Context.get(context, TextModel)))

      const forward = yield* build(options.forward)
      const backward = options.backward === undefined ? forward : yield* build(options.backward)
      const optimizer = options.optimizer === undefined ? backward : yield* build(options.optimizer)
      return Context.make(TextModel, forward).pipe(
        Context.add(BackwardModel, backward),
        Context.add(OptimizerModel, optimizer),
        Context.add(UsageMeter.UsageMeter, meter)
      )
    })
  )

const traced = (model: Service): Service =>
  decorated(model, (request) =>
    Effect.withSpan(model.complete(request), "TextModel.complete", {
      kind: "client",
      attributes: { purpose: request.purpose }
    })
  )
