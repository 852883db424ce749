/**
 * Keeps whoever is best at something: on some example, or in some objective. What is good at the hard examples survives
 * beside what is good on average, and two of them may be merged. (GEPA, arXiv 2507.19457, section 3.2.)
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Candidate } from "../candidate/Candidate.ts"
import { costly, isScoreAlone, scoreOnly, type Weights, worth } from "../candidate/Objectives.ts"
import { type Member, paretoFront } from "../candidate/paretoFront.ts"
import { rounding, standings } from "../candidate/standings.ts"
import * as Acceptance from "./Acceptance.ts"
import { weighted } from "./draw.ts"
import * as Bounded from "./pool.ts"
import { type Pool, Selector } from "./Selector.ts"

export interface Options {
  /** What one can be best at: each validation example, each objective, or either. */
  readonly by: "example" | "objective" | "both"
  /**
   * What counts beside the score, as in every selector: the weights decide which is handed out. By objective, one can be
   * best at each that has a weight, however small: the shortest prompt is best at being short, however bad it is.
   */
  readonly objectives: Weights
}

const defaults: Options = { by: "example", objectives: scoreOnly }

/**
 * The selector that keeps the front and the best by its weights, and extends a member of the front as often as it leads keys.
 * Of those that are equally good, the earlier stays. The pool is never larger than the number of keys, and one.
 */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Selector> => {
  const settings = { ...defaults, ...options }
  const { objectives } = settings
  const highest = isScoreAlone(objectives) ? "best on average" : "best by weight"
  return Layer.succeed(Selector, {
    evaluates: true,
    objectives,
    select: (pool) =>
      Effect.suspend(() => {
        const members = paretoFront(keys(pool, settings))
        const [first] = members
        return first === undefined
          ? Effect.succeed(Bounded.best(pool, objectives))
          : Effect.map(
              weighted(
                members as readonly [Member, ...ReadonlyArray<Member>],
                members.map(({ leads }) => leads)
              ),
              ({ place }) => pool[place]!
            )
      }),
    admit: (pool, proposed) =>
      Effect.sync(() => {
        const problem = Acceptance.unknown(proposed)
        if (problem !== undefined) return { accepted: false, reason: problem, pool }
        const all: Pool = [...pool, proposed]
        const scored = keys(all, settings)
        const members = new Map(paretoFront(scored).map(({ leads, place }) => [all[place]!, leads]))
        const best = Bounded.best(all, objectives)
        const leads = members.get(proposed)
        const mean = `validation ${(standings(all).at(-1) ?? 0).toFixed(3)}`
        if (leads === undefined && best !== proposed) {
          return { accepted: false, reason: `${mean}, best at nothing`, pool }
        }
        const kept = all.filter((one) => members.has(one) || one === best) as ReadonlyArray<Candidate> as Pool
        const at = leads === undefined ? highest : `best at ${leads} of ${scored[0]!.length}`
        return { accepted: true, reason: `${mean}, ${at}`, pool: kept }
      }),
    best: (pool) => Bounded.best(pool, objectives)
  })
}

/** What each candidate may be best at, higher is better. */
const keys = (pool: Pool, { by, objectives }: Options): ReadonlyArray<ReadonlyArray<number | null>> => {
  const examples = by === "objective" ? [] : pool.map(({ scores }) => scores ?? [])
  if (by === "example") return examples
  const heights = standings(pool)
  return pool.map((candidate, place) => [
    ...(examples[place] ?? []),
    // equal scores in another order may add up to sums that differ in the last digit
    ...(worth(objectives, "score") > 0 ? [Math.round(heights[place]! / rounding)] : []),
    ...costly(objectives).map((objective) => {
      const amount = candidate.objectives?.[objective]
      return amount === undefined ? null : -amount
    })
  ])
}
