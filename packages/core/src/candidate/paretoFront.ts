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

/** The front, in the order of the candidates. Time: candidates x keys. */
export const paretoFront = (scores: Scores): ReadonlyArray<Member> => {
  const n = scores.length
  const keys = scores.reduce((most, row) => Math.max(most, row.length), 0)
  const none = Number.NEGATIVE_INFINITY
  // one flat array, and then only the keys that each candidate leads: this runs before every step
  const table = new Float64Array(n * keys).fill(none)
  const totals = new Float64Array(n)
  const best = new Float64Array(keys).fill(none)
  for (let place = 0; place < n; place++) {
    const row = scores[place]!
    const from = place * keys
    let total = 0
    for (let key = 0; key < row.length; key++) {
      const score = row[key]
      if (score === null || score === undefined) continue
      table[from + key] = score
      total += score
      if (score > best[key]!) best[key] = score
    }
    totals[place] = total
  }
  // a key that nobody has a score for has no leader
  for (let key = 0; key < keys; key++) if (best[key] === none) best[key] = Number.NaN
  const led = new Int32Array(n * keys + 1)
  const ends = new Int32Array(n + 1)
  const leaders = new Int32Array(keys)
  for (let place = 0, end = 0; place < n; place++) {
    const from = place * keys
    for (let key = 0; key < keys; key++) {
      // without a branch: of right-or-wrong scores, no processor guesses well
      const leads = Number(table[from + key] === best[key])
      led[end] = key
      end += leads
      leaders[key]! += leads
    }
    ends[place + 1] = end
  }
  const leads = (place: number) => ends[place + 1]! - ends[place]!
  const front = Array.from({ length: n }, (_, place) => place).filter((place) => leads(place) > 0)
  const dropped = new Uint8Array(n)
  // of equals, the later one goes: what was there first needs no proof
  for (const place of front.toSorted((a, b) => totals[a]! - totals[b]! || b - a)) {
    const [from, to] = [ends[place]!, ends[place + 1]!]
    let needed = false
    for (let at = from; at < to && !needed; at++) needed = leaders[led[at]!] === 1
    if (needed) continue
    dropped[place] = 1
    for (let at = from; at < to; at++) leaders[led[at]!]! -= 1
  }
  return front.flatMap((place) => (dropped[place] === 1 ? [] : [{ place, leads: leads(place) }]))
}
