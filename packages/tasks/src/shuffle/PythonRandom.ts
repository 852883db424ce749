/**
 * Python's `random`, as far as published splits and orders were made with it: the Mersenne twister MT19937 (Matsumoto and
 * Nishimura, 1998), seeded as CPython seeds it with an integer, and what CPython draws from it. For comparison with others'
 * figures alone: chance of our own comes from `effect/Random`.
 */

const size = 624
const middle = 397

/** State of the generator after `random.seed(seed)`, for a seed from 0 to 2³² - 1. */
const seeded = (seed: number): Uint32Array => {
  const state = new Uint32Array(size)
  state[0] = 19650218
  for (let i = 1; i < size; i++) {
    const last = state[i - 1]! ^ (state[i - 1]! >>> 30)
    state[i] = Math.imul(1812433253, last) + i
  }
  // CPython gives the seed as an array of words, of which there is one here
  let i = 1
  const next = () => {
    i += 1
    if (i < size) return
    state[0] = state[size - 1]!
    i = 1
  }
  for (let k = 0; k < size; k++, next()) {
    const last = state[i - 1]! ^ (state[i - 1]! >>> 30)
    state[i] = (state[i]! ^ Math.imul(last, 1664525)) + seed
  }
  for (let k = 1; k < size; k++, next()) {
    const last = state[i - 1]! ^ (state[i - 1]! >>> 30)
    state[i] = (state[i]! ^ Math.imul(last, 1566083941)) - i
  }
  state[0] = 0x80000000
  return state
}

const twist = (state: Uint32Array): void => {
  for (let i = 0; i < size; i++) {
    const both = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff)
    state[i] = state[(i + middle) % size]! ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0)
  }
}

/** A generator in the middle of its sequence; each draw moves it on. */
export interface PythonRandom {
  /** `getrandbits(n)` for `n` from 1 to 32. */
  readonly bits: (n: number) => number
  /** `randrange(n)`, for `n` from 1 to 2³² - 1. */
  readonly below: (n: number) => number
}

/** `random.Random(seed)`. */
export const make = (seed: number): PythonRandom => {
  const state = seeded(seed)
  let used = size
  const word = () => {
    if (used === size) {
      twist(state)
      used = 0
    }
    let y = state[used++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }
  const bits = (n: number) => word() >>> (32 - n)
  const below = (n: number) => {
    const width = 32 - Math.clz32(n)
    let drawn = bits(width)
    while (drawn >= n) drawn = bits(width)
    return drawn
  }
  return { bits, below }
}

/** `shuffle(items)`, as a new array. */
export const shuffle = <A>(random: PythonRandom, items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const held = shuffled[i]!
    shuffled[i] = shuffled[j]!
    shuffled[j] = held
  }
  return shuffled
}

/** `sample(items, len(items))`. For at most 21 items: CPython draws otherwise from a larger set. */
export const permutation = <A>(random: PythonRandom, items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const pool = [...items]
  return items.map((_, i) => {
    const j = random.below(pool.length - i)
    const drawn = pool[j]!
    pool[j] = pool[pool.length - i - 1]!
    return drawn
  })
}
