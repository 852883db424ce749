/** Extends the best, and now and then any other: the oldest way not to be caught on the first hill. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import { evenly } from "./draw.ts"
import * as Bounded from "./pool.ts"
import { Selector } from "./Selector.ts"

export interface Options extends Bounded.Options {
  /** How often one of the pool is extended by lot: 0 never, 1 always. */
  readonly epsilon: number
}

const defaults: Options = { ...Bounded.defaults, epsilon: 0.1 }

/** The selector that extends the best, but for a share `epsilon` of the steps, in which the lot decides. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const { epsilon, ...rest } = { ...defaults, ...options }
  return Layer.succeed(Selector, {
    evaluates: true,
    ...Bounded.bounded(rest),
    select: (pool) =>
      Effect.flatMap(Random.next, (at) =>
        at < epsilon ? evenly(pool) : Effect.succeed(Bounded.best(pool, rest.objectives))
      )
  })
}
