/** One answer from several. */

/** The most frequent answer; of those that are equally frequent, the one that was given first. None where there is none. */
export const majority = <A>(answers: ReadonlyArray<A | undefined>): A | undefined => {
  const counts = new Map<A, number>()
  for (const answer of answers) if (answer !== undefined) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  // a map keeps the order in which its keys came
  let best: readonly [answer: A | undefined, count: number] = [undefined, 0]
  for (const [answer, count] of counts) if (count > best[1]) best = [answer, count]
  return best[0]
}
