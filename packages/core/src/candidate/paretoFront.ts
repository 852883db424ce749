/**
 * Which candidates are best at something: for each key (an example, an objective) those with the highest score lead it,
 * and whoever leads only what others of the front lead too is left out, the weakest first. (GEPA, arXiv 2507.19457,
 * algorithm 2.)
 */

/** Scores by key for each candidate; `null` where one has none. All of one length. */
export type Scores = ReadonlyArray<ReadonlyArray<number | null>>

/** A candidate of the front, by its place, and how many keys it leads. */
export interface Member {
  readonly place: number
  readonly leads: number
}

/**
 * The front, in the order of the candidates. Time: candidates x keys, in three plain passes: this runs before every step.
 */
export const paretoFront = (scores: Scores): ReadonlyArray<Member> => {
  const keys = scores.reduce((most, row) => Math.max(most, row.length), 0)
  // a key that nobody has a score for has no leader
  const best = new Float64Array(keys).fill(Number.NEGATIVE_INFINITY)
  const totals = scores.map((row) => {
    let total = 0
    for (let key = 0; key < row.length; key++) {
      const score = row[key]
      if (score === null || score === undefined) continue
      total += score
      if (score > best[key]!) best[key] = score
    }
    return total
  })
  // from here without branches: of right-or-wrong scores, no processor guesses well
  const leaders = new Int32Array(keys)
  const leads = scores.map((row) => {
    let count = 0
    for (let key = 0; key < row.length; key++) {
      const isLeader = Number(row[key] === best[key])
      leaders[key]! += isLeader
      count += isLeader
    }
    return count
  })
  const front = scores.map((_, place) => place).filter((place) => leads[place]! > 0)
  const dropped = new Set<number>()
  const led = new Int32Array(keys + 1)
  // of equals, the later one goes: what was there first needs no proof
  for (const place of front.toSorted((a, b) => totals[a]! - totals[b]! || b - a)) {
    const row = scores[place]!
    let end = 0
    for (let key = 0; key < row.length; key++) {
      led[end] = key
      end += Number(row[key] === best[key])
    }
    let isNeeded = false
    for (let at = 0; at < end && !isNeeded; at++) isNeeded = leaders[led[at]!] === 1
    if (isNeeded) continue
    dropped.add(place)
    for (let at = 0; at < end; at++) leaders[led[at]!]! -= 1
  }
  return front.flatMap((place) => (dropped.has(place) ? [] : [{ place, leads: leads[place]! }]))
}
