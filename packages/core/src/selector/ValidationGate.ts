/**
 * Takes a proposal only if the validation set agrees, else goes back to what it came from: the revert rule of the paper's
 * prompt optimisation (arXiv 2406.07496, section 3.3). The result is never worse than the seed on the gate's own data.
 * Both are compared on the examples that ran before. One that failed on some of them is taken only if it is better
 * although those count as wrong, so that no prompt gets in by breaking the replies to the hard ones. Examples that the
 * provider did not answer are compared for neither: the rest must show a gain, and be half of them at least.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { compare, tooFew } from "../candidate/Candidate.ts"
import { Selector } from "./Selector.ts"

export interface Options {
  /**
   * `strictGain`: only a better score is taken. `notWorse`: an equal one too, as in the paper, which lets a run cross a
   * plateau, and lets a prompt grow for nothing.
   */
  readonly accept: "notWorse" | "strictGain"
}

const defaults: Options = { accept: "notWorse" }

/** Equal scores in another order may add up to sums that differ in the last digit. */
const rounding = 1e-9

/** The selector that keeps a candidate only if it is no worse on the validation set, which the task must have. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const { accept } = { ...defaults, ...options }
  return Layer.succeed(Selector, {
    evaluates: true,
    select: (pool) => Effect.succeed(pool[0]),
    admit: (pool, proposed) =>
      Effect.sync(() => {
        const comparison = compare(pool[0], proposed)
        if (comparison === undefined) {
          return { accepted: false, reason: "no validation example ran for both", pool }
        }
        const { before, after, failed, n, unanswered } = comparison
        if (tooFew(n, n + unanswered)) {
          const reason = `too few to compare: ${n} of ${n + unanswered} validation examples were answered`
          return { accepted: false, reason, pool }
        }
        const sure = failed === 0 && unanswered === 0
        const accepted = after - before > (accept === "notWorse" && sure ? -rounding : rounding)
        const doubts = [
          ...(failed === 0 ? [] : [`${failed} failed, counted as wrong`]),
          ...(unanswered === 0 ? [] : [`${unanswered} got no answer, not compared`])
        ]
        const doubt = sure ? "" : ` (${doubts.join("; ")})`
        return {
          accepted,
          reason: `validation ${before.toFixed(3)} -> ${after.toFixed(3)}${doubt}`,
          pool: accepted ? [proposed] : pool
        }
      }),
    best: (pool) => pool[0]
  })
}
