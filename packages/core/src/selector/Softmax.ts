/** Extends the better more often: as often as the exponential of the score says. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { standings } from "../candidate/standings.ts"
import { weighted } from "./draw.ts"
import * as Bounded from "./pool.ts"
import { Selector } from "./Selector.ts"

export interface Options extends Bounded.Options {
  /** In points of the score: one that is lower by so much is extended e times less often. 0: the best alone. */
  readonly temperature: number
}

const defaults: Options = { ...Bounded.defaults, temperature: 0.1 }

/** The selector that draws from the pool by score. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const { temperature, ...rest } = { ...defaults, ...options }
  return Layer.succeed(Selector, {
    evaluates: true,
    ...Bounded.bounded(rest),
    select: (pool) => {
      if (!(temperature > 0)) return Effect.succeed(Bounded.best(pool, rest.objectives))
      const heights = standings(pool, rest.objectives)
      const highest = Math.max(...heights)
      return weighted(
        pool,
        heights.map((height) => Math.exp((height - highest) / temperature))
      )
    }
  })
}
