/**
 * Values as TextGrad shows them to its critics and optimizers, and so as its log has them: of more than twenty words, told
 * apart by single blanks, the first ten and the last ten are there. The whole value is looked for in what else was logged.
 */
const ends = 10
const gap = "(...)"

/** A value as TextGrad shows it. Only its ends are looked at: a long log compares many long values. */
export const of = (value: string): string => {
  let [start, whole, end] = [-1, -1, value.length]
  for (let n = 1; n <= 2 * ends; n++) {
    whole = value.indexOf(" ", whole + 1)
    if (whole < 0) return value
    if (n === ends) start = whole
  }
  for (let n = 1; n <= ends; n++) end = value.lastIndexOf(" ", end - 1)
  return `${value.slice(0, start)} ${gap} ${value.slice(end + 1)}`
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
