/**
 * Takes a proposal only if the validation set agrees, else goes back to what it came from: the revert rule of the paper's
 * prompt optimisation (arXiv 2406.07496, section 3.3). The result is never worse than the seed on the gate's own data.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { costly } from "../candidate/Objectives.ts"
import * as Acceptance from "./Acceptance.ts"
import { Selector } from "./Selector.ts"

/** The rule by which a proposal replaces what is kept; `notWorse` as in the paper. */
export type Options = Acceptance.Options

/** The selector that keeps one candidate: a better one on the validation set, which the task must have, takes its place. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const rule = { ...Acceptance.defaults, ...options }
  return Layer.succeed(Selector, {
    evaluates: true,
    costs: costly(rule.objectives),
    select: (pool) => Effect.succeed(pool[0]),
    admit: (pool, proposed) =>
      Effect.map(Acceptance.judge(pool[0], proposed, rule), (judgement) => ({
        ...judgement,
        pool: judgement.accepted ? [proposed] : pool
      })),
    mayAdmit: (pool, atBest) =>
      Effect.map(Acceptance.judge(pool[0], atBest, Acceptance.lenient(rule)), ({ accepted }) => accepted),
    best: (pool) => pool[0]
  })
}
