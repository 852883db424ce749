/**
 * Things to compare take turns, so that whatever else the machine does meets them alike.
 */
import * as Effect from "effect/Effect"

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
