/**
 * What model calls have used, over all roles: one meter a run, read by whoever reports.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { addUsage, noUsage, type Usage } from "../model/Completion.ts"
import { decorated, type Service } from "../model/Service.ts"
import * as Spend from "./Spend.ts"

/** A running total of what model calls used. */
export interface Meter {
  readonly read: Effect.Effect<Usage>
  readonly add: (usage: Usage) => Effect.Effect<void>
  /** What the run has spent at its providers, over all of its sessions. */
  readonly spend: Effect.Effect<Spend.Spend>
}

/** The meter of the models in use. Without one, usage reads as zero. */
export const UsageMeter: Context.Reference<Meter> = Context.Reference<Meter>("@backprose/core/UsageMeter", {
  defaultValue: () => ({ read: Effect.succeed(noUsage), add: () => Effect.void, spend: Effect.succeed(Spend.none) })
})

/**
 * A meter at zero. Provide it as `UsageMeter`, and decorate the models with `metered`. `spend`: of the budget around the
 * providers, which sees each attempt; the meter sees replies.
 */
export const make = (spend: Effect.Effect<Spend.Spend> = Effect.succeed(Spend.none)): Effect.Effect<Meter> =>
  Effect.map(Ref.make(noUsage), (ref) => ({
    read: Ref.get(ref),
    add: (usage) => Ref.update(ref, (total) => addUsage(total, usage)),
    spend
  }))

/** A model whose completions are counted. */
export const metered =
  (meter: Meter) =>
  (model: Service): Service =>
    decorated(model, (request) => Effect.tap(model.complete(request), ({ usage }) => meter.add(usage)))
