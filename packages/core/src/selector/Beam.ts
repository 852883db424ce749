/**
 * Beam search: the best few are kept side by side, and each may be extended. With `parents` of the trainer at the width,
 * a step extends all of them. (As in ProTeGi, arXiv 2305.03495, section 2.2.)
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { evenly } from "./draw.ts"
import * as Bounded from "./pool.ts"
import { ranked } from "./ranked.ts"
import { Selector } from "./Selector.ts"

export interface Options extends Omit<Bounded.Options, "size"> {
  /** How many are kept. */
  readonly width: number
}

const defaults: Options = { ...Bounded.defaults, accept: "any", width: 4 }

/** The selector that keeps the best `width`. One of them is extended, each as likely; or the best of them, where several are. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const { width, ...rest } = { ...defaults, ...options }
  return Layer.succeed(Selector, {
    evaluates: true,
    ...Bounded.bounded({ ...rest, size: width }),
    select: evenly,
    selectMany: (pool, count) => Effect.sync(() => ranked(pool, rest.objectives).slice(0, count))
  })
}
