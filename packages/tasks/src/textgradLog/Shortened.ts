/**
 * Values as TextGrad shows them to its critics and optimizers, and so as its log has them: of more than twenty words, told
 * apart by single blanks, the first ten and the last ten are there. The whole value is looked for in what else was logged.
 */
const ends = 10
const gap = "(...)"

/** A value as TextGrad shows it. */
export const of = (value: string): string => {
  const words = value.split(" ")
  return words.length <= 2 * ends ? value : [...words.slice(0, ends), gap, ...words.slice(-ends)].join(" ")
}

/** Whether words are missing. */
export const isCut = (shown: string): boolean => {
  const words = shown.split(" ")
  // a whole value has no more than twenty
  return words.length === 2 * ends + 1 && words[ends] === gap
}

/** The whole value in a text that is shown like this; `undefined` where there is none, or where several could be meant. */
export const find = (shown: string, text: string): string | undefined => {
  const words = shown.split(" ")
  const [head, tail] = [words.slice(0, ends).join(" "), words.slice(-ends).join(" ")]
  const starts = places(text, head)
  const found = new Set(
    places(text, tail).flatMap((end) =>
      starts.flatMap((start) => {
        const value = text.slice(start, end + tail.length)
        return start + head.length <= end && value !== shown && of(value) === shown ? [value] : []
      })
    )
  )
  return found.size === 1 ? [...found][0] : undefined
}

const places = (text: string, part: string): ReadonlyArray<number> => {
  const all: Array<number> = []
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) all.push(at)
  return all
}
