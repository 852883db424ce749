/**
 * What of a text was copied from one training example: a prompt that quotes the cases it saw is better on them, and on
 * nothing else.
 */

/** A run of so many characters is no coincidence. */
const run = 40

const plain = (text: string): string => text.replace(/\s+/g, " ").trim()

const runs = function* (text: string): Generator<string> {
  for (let i = 0; i + run <= text.length; i++) yield text.slice(i, i + run)
}

/** The texts of one example. */
export interface Source {
  readonly example: number
  readonly texts: ReadonlyArray<string>
}

export interface Copy {
  readonly example: number
  /** The beginning of what was copied. */
  readonly text: string
}

/**
 * The first run of 40 characters that is new in `after`, and stands in exactly one of the examples: what stands in more of
 * them belongs to the task.
 */
export const copied = (before: string, after: string, sources: ReadonlyArray<Source>): Copy | undefined => {
  const old = new Set(runs(plain(before)))
  const fresh = new Map<string, Set<number>>()
  for (const one of runs(plain(after))) if (!old.has(one)) fresh.set(one, new Set())
  if (fresh.size === 0) return undefined
  for (const { example, texts } of sources) {
    for (const text of texts) for (const one of runs(plain(text))) fresh.get(one)?.add(example)
  }
  for (const [text, examples] of fresh) {
    const [example] = examples
    if (example !== undefined && examples.size === 1) return { example, text }
  }
  return undefined
}
