/**
 * When one candidate is better than another: the rule of every gate. Both are compared on the examples that ran for the
 * first. One that failed on some of them is taken only if it is better although those count as wrong, so that no prompt
 * gets in by breaking the replies to the hard ones. Examples that the provider did not answer are compared for neither:
 * the rest must show a gain, and be half of them at least.
 */
import * as Effect from "effect/Effect"
import { type Candidate, compare, tooFew } from "../candidate/Candidate.ts"
import { saved, scoreOnly, type Weights, words, worth } from "../candidate/Objectives.ts"
import { rounding } from "../candidate/standings.ts"
import * as Paired from "../evaluation/Paired.ts"

/**
 * `strictGain`: only a better score is taken. `notWorse`: an equal one too, which lets a run cross a plateau, and lets a
 * prompt grow for nothing. `significant`: a gain that chance alone would hardly give on these examples, however many
 * candidates a run tries on them.
 */
export type Accept = "notWorse" | "strictGain" | "significant"

export interface Options {
  readonly accept: Accept
  /**
   * `significant`: how probable it may be that a run takes any candidate that is no better than what it replaces. Candidate
   * k of the run, counted from 1 and whether it got as far as this or not, must be that sure to `alpha / (k * (k + 1))`:
   * over all k these add up to `alpha`, so nobody needs to know how many will come. (Alpha-spending: Foster and Stine,
   * "Alpha-investing", 2008; Tian and Ramdas, arXiv 1910.04900.)
   */
  readonly alpha: number
  /** What counts beside the score. Default: nothing. */
  readonly objectives: Weights
}

/** The rule where none is chosen: equal is good enough, and only the score counts. */
export const defaults: Options = { accept: "notWorse", alpha: 0.05, objectives: scoreOnly }

/** Whether the second is taken, and why, in words. */
export interface Judgement {
  readonly accepted: boolean
  readonly reason: string
}

/** Why nothing can be said of a candidate beside another, if so. */
export const incomparable = (before: Candidate, after: Candidate): string | undefined => {
  const comparison = compare(before, after)
  if (comparison === undefined) return "no validation example ran for both"
  const { n, unanswered } = comparison
  return tooFew(n, n + unanswered)
    ? `too few to compare: ${n} of ${n + unanswered} validation examples were answered`
    : undefined
}

/** Why nothing can be said of a candidate at all, if so: it failed everywhere, or was hardly answered. */
export const unknown = ({ scores = [], unanswered = [] }: Candidate): string | undefined => {
  const answered = scores.length - unanswered.length
  if (scores.every((score) => score === null)) return "no validation example ran"
  return tooFew(answered, scores.length)
    ? `too few to judge: ${answered} of ${scores.length} validation examples were answered`
    : undefined
}

/** Judges a candidate beside the one that it is to replace, or to stand beside. */
export const judge = Effect.fnUntraced(function* (
  before: Candidate,
  after: Candidate,
  options: Options
): Effect.fn.Return<Judgement> {
  const problem = incomparable(before, after)
  const comparison = compare(before, after)
  if (problem !== undefined || comparison === undefined) return { accepted: false, reason: problem ?? "" }
  const { accept, objectives } = options
  const { failed, unanswered } = comparison
  const sure = failed === 0 && unanswered === 0
  const saving = saved(before.objectives, after.objectives, objectives)
  const gain = worth(objectives, "score") * (comparison.after - comparison.before) + saving
  const doubts = [
    ...(failed === 0 ? [] : [`${failed} failed, counted as wrong`]),
    ...(unanswered === 0 ? [] : [`${unanswered} got no answer, not compared`])
  ]
  const said = [
    `validation ${comparison.before.toFixed(3)} -> ${comparison.after.toFixed(3)}`,
    ...words(before.objectives, after.objectives, objectives)
  ].join(", ")
  const reason = sure ? said : `${said} (${doubts.join("; ")})`
  if (accept !== "significant") {
    return { accepted: gain > (accept === "notWorse" && sure ? -rounding : rounding), reason }
  }
  const paired = yield* Paired.compare(...weighed(before, after, worth(objectives, "score"), saving))
  if (paired === undefined) return { accepted: false, reason }
  const { high, low, p } = paired
  const most = options.alpha * share(after)
  return {
    accepted: gain > rounding && p < most,
    reason: `${reason}; gain ${signed(gain)}, 95 % ${signed(low)} to ${signed(high)}, p ${small(p)} of ${small(most)}`
  }
})

/** What a candidate may use of alpha. */
const share = ({ id }: Candidate): number => 1 / (Math.max(1, id) * (Math.max(1, id) + 1))

const small = (p: number): string => (p < 0.001 ? p.toExponential(1) : p.toFixed(3))

const signed = (n: number): string => `${n < 0 ? "-" : "+"}${Math.abs(n).toFixed(3)}`

/** Scores as they are compared, example by example: weighed, failures as wrong, what got no answer for neither. */
const weighed = (before: Candidate, after: Candidate, weight: number, saving: number) => {
  const lost = new Set(after.unanswered)
  const scores = before.scores ?? []
  return [
    scores.map((score) => (score === null ? null : weight * score)),
    scores.map((_, place) => {
      const score = after.scores?.[place]
      return typeof score === "number" ? weight * score + saving : lost.has(place) ? null : saving
    })
  ] as const
}

/** Draws of the paired test are chance: what falls short by less than this may pass with other scores in other places. */
const drawn = 0.03

/** The rule for a candidate whose unknown scores are taken at their best: whom it refuses, the rule itself would too. */
export const lenient = <O extends Pick<Options, "alpha">>(options: O, atBest: Candidate): O => ({
  ...options,
  alpha: options.alpha + drawn / share(atBest)
})
