/**
 * Things to compare take turns, so that whatever else the machine does meets them alike.
 */
import * as Effect from "effect/Effect"
import { median } from "./Figure.ts"

export interface Rounds {
  /** Rounds that are not counted: the JIT needs some time before a thing costs what it will cost. */
  readonly warmUp: number
  readonly rounds: number
}

/** What each measured, round by round. The order turns with every round, so that none always comes first. */
export const turns = Effect.fnUntraced(function* <E, R>(
  all: ReadonlyArray<Effect.Effect<number, E, R>>,
  { rounds, warmUp }: Rounds
) {
  const measured: ReadonlyArray<Array<number>> = all.map(() => [])
  for (let round = 0; round < warmUp + rounds; round++) {
    for (let i = 0; i < all.length; i++) {
      const which = (i + round) % all.length
      const value = yield* all[which]!
      if (round >= warmUp) measured[which]!.push(value)
    }
  }
  return measured
})

type Values = ReadonlyArray<number>

// round by round first: two that were measured side by side met the same machine
const paired = (by: (a: number, b: number) => number) => (these: Values, those: Values) => ({
  measured: median(these.map((value, round) => by(value, those[round]!))),
  min: by(Math.min(...these), Math.min(...those))
})

/** How much more the first took than the second: the median over the rounds, and between the best of each. */
export const difference = paired((a, b) => a - b)

/** How many times what the second took the first took, in the same way. */
export const ratio = paired((a, b) => a / b)
