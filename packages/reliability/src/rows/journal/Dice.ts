/** Chance that can be had again, from a seed. */
import * as Hash from "effect/Hash"

export interface Dice {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
}

export const make = (seed: number): Dice => {
  let rolled = 0
  return { below: (limit) => (Hash.string(`${seed}/${rolled++}`) >>> 0) % limit }
}
