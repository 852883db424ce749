/** Characters at both ends of a text, taken off in one pass: a pattern with `+$` looks at a long run of blanks once a blank. */
export const strip = (text: string, edge: RegExp): string => {
  let [begin, end] = [0, text.length]
  while (begin < end && edge.test(text[begin] ?? "")) begin++
  while (begin < end && edge.test(text[end - 1] ?? "")) end--
  return text.slice(begin, end)
}
