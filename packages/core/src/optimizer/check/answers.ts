/**
 * The texts of an example that no other example has: an answer of its own, and no label that many share.
 */

/** All texts in a value, however deep. An example may be anything, also what holds itself. */
const texts = (value: unknown, seen: Set<unknown> = new Set()): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return []
  seen.add(value)
  return Object.values(value).flatMap((part) => texts(part, seen))
}

/** For each of the examples, by its place. */
export const answers = (examples: ReadonlyArray<unknown>): ((example: number) => ReadonlyArray<string>) => {
  const own = examples.map((example) => new Set(texts(example)))
  const holders = new Map<string, number>()
  for (const all of own) for (const text of all) holders.set(text, (holders.get(text) ?? 0) + 1)
  return (example) => [...(own[example] ?? [])].filter((text) => holders.get(text) === 1)
}
