/** Extends one of the best few of a larger pool, each as likely: less greedy than the best, less patient than chance. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { evenly } from "./draw.ts"
import * as Bounded from "./pool.ts"
import { ranked } from "./ranked.ts"
import { type Pool, Selector } from "./Selector.ts"

export interface Options extends Bounded.Options {
  /** How many of the pool may be extended. */
  readonly k: number
}

const defaults: Options = { ...Bounded.defaults, k: 3 }

/** The selector that draws from the best `k` of what was let in. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const { k, ...rest } = { ...defaults, ...options }
  const top = (pool: Pool) => ranked(pool, rest.objectives).slice(0, Math.max(1, k)) as ReadonlyArray<Pool[0]> as Pool
  return Layer.succeed(Selector, {
    evaluates: true,
    ...Bounded.bounded(rest),
    select: (pool) => evenly(top(pool)),
    selectMany: (pool, count) => Effect.sync(() => top(pool).slice(0, count))
  })
}
