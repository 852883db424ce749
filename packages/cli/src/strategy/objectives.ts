/** What counts in a run, as it is written on the command line: `score=0.8,tokens=0.2`. */
import { Objectives } from "@backprose/core"
import * as Schema from "effect/Schema"

const known = Object.keys(Objectives.directions) as ReadonlyArray<Objectives.Objective>

/** How one is written, for messages. */
export const written = `NAME=WEIGHT,…, each of ${known.join(", ")}: score=0.8,tokens=0.2`

const weight = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** In a record of a run. */
export const Weights = Schema.Struct({
  score: Schema.optionalKey(weight),
  length: Schema.optionalKey(weight),
  tokens: Schema.optionalKey(weight),
  cost: Schema.optionalKey(weight)
})

/** The weights, each named once and not negative; `undefined` where the text is something else. */
export const parse = (text: string): Objectives.Weights | undefined => {
  const weights = new Map<Objectives.Objective, number>()
  for (const part of text.split(",")) {
    const [, name, amount] = /^\s*([a-z]+)\s*=\s*(\d+(?:\.\d+)?|\.\d+)\s*$/.exec(part) ?? []
    const objective = known.find((one) => one === name)
    if (objective === undefined || weights.has(objective)) return undefined
    weights.set(objective, Number(amount))
  }
  return [...weights.values()].some((weight) => weight > 0) ? Object.fromEntries(weights) : undefined
}

/** As it would be written again. */
export const render = (weights: Objectives.Weights): string =>
  known.flatMap((name) => (weights[name] === undefined ? [] : [`${name}=${weights[name]}`])).join(",")
