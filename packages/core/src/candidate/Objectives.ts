/**
 * What a candidate is measured by beside its score, and what each of it is worth. Which way is better is the objective's
 * own, so a weight cannot have the wrong sign.
 */
import * as Schema from "effect/Schema"

/** All objectives there are, and whether more of it is better or less. */
export const directions = { score: "higher", length: "lower", tokens: "lower", cost: "lower" } as const
/** What a candidate may be measured by. */
export type Objective = keyof typeof directions

/** What was measured of one candidate. What is not known is left out. */
export const Measured = Schema.Struct({
  /** Characters of all its values, as text. */
  length: Schema.optionalKey(Schema.Finite),
  /** Tokens of the forward calls of its validation, in and out, a validation example. */
  tokens: Schema.optionalKey(Schema.Finite),
  /** What these calls cost, in millionths of a US dollar a validation example. */
  cost: Schema.optionalKey(Schema.Finite)
})
export type Measured = typeof Measured.Type

/**
 * What objectives are worth beside each other, in points of the score: `{ score: 1, tokens: 0.05 }` gives up five
 * hundredths of the score for half of the tokens, and no more. The sign means nothing.
 */
export type Weights = { readonly [objective in Objective]?: number }

/** The score alone. */
export const scoreOnly: Weights = { score: 1 }

/** An objective that is better the lower it is. */
export type Cost = keyof Measured

/** The objectives that cost something, in one order. */
export const costs = (Object.keys(directions) as ReadonlyArray<Objective>).filter(
  (objective): objective is Cost => directions[objective] === "lower"
)

/** What a weight is worth: nothing where it was not given. */
export const worth = (weights: Weights, objective: Objective): number => Math.abs(weights[objective] ?? 0)

/** The costs that have a weight. */
export const costly = (weights: Weights): ReadonlyArray<Cost> => costs.filter((cost) => worth(weights, cost) > 0)

/** How often an amount doubles from one: halving counts the same for a long prompt as for a short one. */
export const doublings = (amount: number): number => Math.log2(Math.max(1, amount))

/** Whether nothing counts beside the score. */
export const isScoreAlone = (weights: Weights): boolean => costly(weights).length === 0

/** What the costs of the second are better by than those of the first, weighed; what one of them does not know is not compared. */
export const saved = (before: Measured = {}, after: Measured = {}, weights: Weights = scoreOnly): number =>
  costs.reduce((sum, objective) => {
    const [was, is] = [before[objective], after[objective]]
    return was === undefined || is === undefined
      ? sum
      : sum + worth(weights, objective) * (doublings(was) - doublings(is))
  }, 0)

/** The costs that have a weight, from the one to the other, in words. */
export const words = (
  before: Measured = {},
  after: Measured = {},
  weights: Weights = scoreOnly
): ReadonlyArray<string> =>
  costly(weights).map((objective) => {
    const [was, is] = [before[objective], after[objective]]
    const amount = (n: number | undefined) => (n === undefined ? "unknown" : String(Math.round(n)))
    return `${objective} ${amount(was)} -> ${amount(is)}`
  })

/** The length of some values: characters of texts, and of the JSON of what is none. */
export const lengthOf = (values: { readonly [name: string]: Schema.Json }): number =>
  Object.values(values).reduce<number>(
    (sum, value) => sum + [...(typeof value === "string" ? value : JSON.stringify(value))].length,
    0
  )
