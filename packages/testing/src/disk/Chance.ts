/** Chance that can be had again: the same seed decides the same. */

/** Yes or no, each time it is asked; how often yes also depends on the seed, never and always included. */
export const some = (seed: number): (() => boolean) => {
  const next = numbers(seed)
  const share = [0, 0.2, 0.5, 0.8, 1][Math.floor(next() * 5)]!
  return () => next() < share
}

/** Numbers from 0 to below 1 (the generator known as mulberry32). */
export const numbers = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
