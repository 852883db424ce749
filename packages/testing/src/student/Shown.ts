/**
 * What the student learns from demonstrations: it answers a message like the one shown to it that shares a telling word.
 */

/** A demonstration as prompts have it. */
export interface Shown {
  readonly input: string
  readonly output: string
}

const form = /^Input: (.+)\nOutput: (.+)$/gm

/** The demonstrations in a text, in its order. */
export const find = (text: string): ReadonlyArray<Shown> =>
  [...text.matchAll(form)].map(([, input, output]) => ({ input: input!, output: output! }))

// words that messages have in common whatever they are about
const plain = new Set(
  "a about again and at case hello i is it look message more my of on once or please test the this to train validation write".split(
    " "
  )
)

const words = (text: string): ReadonlySet<string> =>
  new Set([...text.toLowerCase().matchAll(/\p{L}+/gu)].map(([word]) => word).filter((word) => !plain.has(word)))

/** The output of the demonstrations that have a word of the message in them, where they agree. */
export const answer = (shown: ReadonlyArray<Shown>, message: string): string | undefined => {
  const mine = words(message)
  const outputs = new Set(
    shown.filter(({ input }) => [...words(input)].some((word) => mine.has(word))).map(({ output }) => output)
  )
  return outputs.size === 1 ? [...outputs][0] : undefined
}
