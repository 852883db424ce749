/**
 * A search over combinations of choices by a tree-structured Parzen estimator: what the better trials have in common is
 * drawn from, and of several draws the one is taken that is likeliest among the better trials against the others. Choices
 * of one combination are weighed together. (Algorithms for hyper-parameter optimization, Bergstra et al., NIPS 2011, for
 * categories; the multivariate form that MIPROv2 uses, arXiv 2406.11695.)
 */

/** One number a choice: which of its options, from 0. */
export type Point = ReadonlyArray<number>

/** A combination that was tried. Higher scores are better. */
export interface Trial {
  readonly point: Point
  readonly score: number
}

export interface Options {
  /** Trials before anything is learned from them: until then any combination is as good as another. */
  readonly startup: number
  /** The share of trials that count as the better ones, above 0 to 1. */
  readonly better: number
  /** How many combinations are drawn and compared for each that is given. */
  readonly draws: number
  /** How far a trial vouches for options that it did not have: 0 not at all, 1 as much as for its own. */
  readonly spread: number
}

const defaults: Options = { startup: 5, better: 0.25, draws: 24, spread: 0.2 }

const keyOf = (point: Point): string => point.join()

/** The number of combinations. */
const total = (sizes: ReadonlyArray<number>): number => sizes.reduce((product, size) => product * size, 1)

/**
 * The next combination to try, none that was tried before; `undefined` where there is no other. `sizes`: how many options
 * each choice has; `random`: from 0 to 1, below 1, and nothing else decides.
 */
export const next = (
  sizes: ReadonlyArray<number>,
  trials: ReadonlyArray<Trial>,
  random: () => number,
  options: Partial<Options> = {}
): Point | undefined => {
  const { better, draws, spread, startup } = { ...defaults, ...options }
  const known = new Set(trials.map(({ point }) => keyOf(point)))
  const isNew = (point: Point) => !known.has(keyOf(point))
  const anywhere = (): Point => sizes.map((size) => Math.floor(random() * size))
  if (trials.length < startup) return some(sizes, isNew, anywhere, draws)

  const ranked = [...trials].sort((a, b) => b.score - a.score)
  const cut = Math.min(Math.max(1, Math.ceil(better * ranked.length)), Math.max(1, ranked.length - 1))
  const [good, bad] = [ranked.slice(0, cut), ranked.slice(cut)]
  // beside its trials, each side has one that vouches for all options alike: nothing is ever out of reach
  const density = (side: ReadonlyArray<Trial>, point: Point): number =>
    (side.reduce((sum, trial) => sum + kernel(sizes, trial.point, point, spread), 0) + 1 / total(sizes)) /
    (side.length + 1)
  const near = (): Point => {
    const from = good[Math.floor(random() * (good.length + 1))]
    if (from === undefined) return anywhere()
    return sizes.map((size, i) => (random() < spread ? Math.floor(random() * size) : from.point[i]!))
  }
  let best: { readonly point: Point; readonly gain: number } | undefined
  for (let draw = 0; draw < draws; draw++) {
    const point = near()
    if (!isNew(point)) continue
    const gain = density(good, point) / density(bad, point)
    if (best === undefined || gain > best.gain) best = { point, gain }
  }
  return best?.point ?? some(sizes, isNew, anywhere, draws)
}

/** How likely a trial makes a combination: the product over its choices. */
const kernel = (sizes: ReadonlyArray<number>, from: Point, to: Point, spread: number): number =>
  sizes.reduce((product, size, i) => product * (spread / size + (from[i] === to[i] ? 1 - spread : 0)), 1)

/** Any combination that is new: drawn or, where draws keep missing it, the first in order after one that was drawn. */
const some = (
  sizes: ReadonlyArray<number>,
  isNew: (point: Point) => boolean,
  anywhere: () => Point,
  draws: number
): Point | undefined => {
  let point = anywhere()
  for (let draw = 1; draw < draws && !isNew(point); draw++) point = anywhere()
  // where there are too many to walk through, draws do not keep missing
  for (let walked = Math.min(total(sizes), 100_000); walked > 0 && !isNew(point); walked--) point = after(sizes, point)
  return isNew(point) && sizes.every((size) => size > 0) ? point : undefined
}

/** The combination after another, as one counts. */
const after = (sizes: ReadonlyArray<number>, point: Point): Point => {
  const next = [...point]
  for (let i = sizes.length - 1; i >= 0; i--) {
    next[i] = (next[i]! + 1) % sizes[i]!
    if (next[i] !== 0) break
  }
  return next
}
