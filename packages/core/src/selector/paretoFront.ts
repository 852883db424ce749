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
  const best = new Float64Array(keys).fill(Number.NEGATIVE_INFINITY)
  for (const row of scores) {
    for (let key = 0; key < row.length; key++) {
      const score = row[key]
      if (score !== null && score !== undefined && score > best[key]!) best[key] = score
    }
  }
  const leaders = new Int32Array(keys)
  const all = scores.map((row, place) => {
    let leads = 0
    let total = 0
    for (let key = 0; key < row.length; key++) {
      total += row[key] ?? 0
      if (row[key] !== best[key]) continue
      leads += 1
      leaders[key]! += 1
    }
    return { place, leads, total }
  })
  const front = new Set(all.filter(({ leads }) => leads > 0))
  // of equals, the later one goes: what was there first needs no proof
  for (const member of [...front].sort((a, b) => a.total - b.total || b.place - a.place)) {
    const row = scores[member.place]!
    if (row.some((score, key) => score === best[key] && leaders[key] === 1)) continue
    front.delete(member)
    for (let key = 0; key < row.length; key++) if (row[key] === best[key]) leaders[key]! -= 1
  }
  return [...front].map(({ leads, place }) => ({ place, leads }))
}
