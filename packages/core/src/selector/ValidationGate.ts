/**
 * Takes a proposal only if the validation set agrees, else goes back to what it came from: the revert rule of the paper's
 * prompt optimisation (arXiv 2406.07496, section 3.3). The result is never worse than the seed on the gate's own data.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mean } from "./Candidate.ts"
import { Selector } from "./Selector.ts"

export interface Options {
  /** `notWorse`: an equal score is taken too, which lets a run cross a plateau. `strictGain`: only a better one. */
  readonly accept: "notWorse" | "strictGain"
}

const defaults: Options = { accept: "notWorse" }

export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const { accept } = { ...defaults, ...options }
  return Layer.succeed(Selector, {
    evaluates: true,
    select: (pool) => Effect.succeed(pool[0]),
    admit: (pool, proposed) =>
      Effect.sync(() => {
        const [before, after] = [mean(pool[0]) ?? 0, mean(proposed) ?? 0]
        const accepted = accept === "notWorse" ? after >= before : after > before
        const reason = `validation ${before.toFixed(3)} -> ${after.toFixed(3)}`
        return { accepted, reason, pool: accepted ? [proposed] : pool }
      }),
    best: (pool) => pool[0]
  })
}
