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
  const keys = scores.reduce((most, row) => Math.max(most, row.length), 0)
  const none = Number.NEGATIVE_INFINITY
  const rows = scores.map((row) => {
    const known = new Float64Array(keys).fill(none)
    for (let key = 0; key < row.length; key++) known[key] = row[key] ?? none
    return known
  })
  const best = new Float64Array(keys).fill(none)
  for (const row of rows) for (let key = 0; key < keys; key++) if (row[key]! > best[key]!) best[key] = row[key]!
  // a key that nobody has a score for has no leader
  const leads = (row: Float64Array, key: number) => row[key] === best[key] && best[key] !== none
  const leaders = new Int32Array(keys)
  const front: Array<Member & { readonly row: Float64Array; readonly total: number }> = []
  rows.forEach((row, place) => {
    let led = 0
    let total = 0
    for (let key = 0; key < keys; key++) {
      if (row[key] !== none) total += row[key]!
      if (!leads(row, key)) continue
      led += 1
      leaders[key]! += 1
    }
    if (led > 0) front.push({ place, leads: led, row, total })
  })
  const dropped = new Set<number>()
  // of equals, the later one goes: what was there first needs no proof
  for (const { place, row } of front.toSorted((a, b) => a.total - b.total || b.place - a.place)) {
    let needed = false
    for (let key = 0; key < keys && !needed; key++) needed = leaders[key] === 1 && leads(row, key)
    if (needed) continue
    dropped.add(place)
    for (let key = 0; key < keys; key++) if (leads(row, key)) leaders[key]! -= 1
  }
  return front.flatMap(({ leads, place }) => (dropped.has(place) ? [] : [{ place, leads }]))
}
