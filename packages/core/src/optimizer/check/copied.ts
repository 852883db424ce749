/**
 * What of a text was copied from one example: a prompt that quotes the cases it saw, or says their answers, is better on them
 * and on nothing else.
 */

/** A run of so many characters is no coincidence. */
const run = 40

/** A shorter text of an example counts whole, from so many characters on. */
const least = { given: 8, answer: 4 }

const plain = (text: string): string => text.replace(/\s+/g, " ").trim()

const runs = function* (text: string): Generator<string> {
  for (let i = 0; i + run <= text.length; i++) yield text.slice(i, i + run)
}

/** The texts of one example. */
export interface Source {
  readonly example: number
  /** What it was given. */
  readonly given: ReadonlyArray<string>
  /** What belongs to it and to no other example. */
  readonly answers: ReadonlyArray<string>
}

export interface Copy {
  readonly example: number
  /** What was copied, or its beginning. */
  readonly text: string
}

/**
 * The first copy that is new in `after`: a run of 40 characters of what exactly one of the examples was given (what stands in
 * more of them belongs to the task), a shorter text whole, or an answer.
 */
export const copied = (before: string, after: string, sources: ReadonlyArray<Source>): Copy | undefined => {
  const [old, now] = [plain(before), plain(after)]
  const isNew = (text: string) => stands(now, text) && !stands(old, text)
  for (const { answers, example, given } of sources) {
    const others = sources.filter((one) => one.example !== example).flatMap((one) => one.given.map(plain))
    const short = given
      .map(plain)
      .filter((text) => text.length < run && text.length >= least.given && /\S\s\S/.test(text))
    const whole = [
      ...short.filter((text) => !others.some((other) => other.includes(text))),
      ...answers.map(plain).filter((text) => text.length >= least.answer && /\p{L}/u.test(text))
    ].find(isNew)
    if (whole !== undefined) return { example, text: whole }
  }
  return longCopy(old, now, sources)
}

/** Whether a text stands in another, its ends at ends of words. */
const stands = (text: string, piece: string): boolean => {
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) {
    const around = [text[at - 1] ?? " ", text[at + piece.length] ?? " "]
    if (!around.some((sign) => /[\p{L}\p{N}]/u.test(sign))) return true
  }
  return false
}

const longCopy = (old: string, now: string, sources: ReadonlyArray<Source>): Copy | undefined => {
  const known = new Set(runs(old))
  const fresh = new Map<string, Set<number>>()
  for (const one of runs(now)) if (!known.has(one)) fresh.set(one, new Set())
  if (fresh.size === 0) return undefined
  for (const { example, given } of sources) {
    for (const text of given) for (const one of runs(plain(text))) fresh.get(one)?.add(example)
  }
  for (const [text, examples] of fresh) {
    const [example] = examples
    if (example !== undefined && examples.size === 1) return { example, text }
  }
  return undefined
}
