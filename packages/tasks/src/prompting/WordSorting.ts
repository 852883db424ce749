/** Word sorting: all words of a list, in alphabetical order. The feedback names the first pair that is out of order, and why. */
import * as Schema from "effect/Schema"
import type { Subject } from "./Subject.ts"

const wordsOf = (text: string): ReadonlyArray<string> =>
  text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "")

/** What the first list has and the second has not, as often as it has it. */
const without = (words: ReadonlyArray<string>, others: ReadonlyArray<string>): ReadonlyArray<string> => {
  const left = [...others]
  return words.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** Why one word stands before another. */
const order = (first: string, second: string): string => {
  const same = [...first].findIndex((letter, i) => letter !== second[i])
  const why =
    same < 0
      ? "it is the beginning of the other, and the shorter word comes first"
      : same === 0
        ? `"${first[0]}" comes before "${second[0]}"`
        : `the first ${same} letters are the same, so letter ${same + 1} decides, and "${first[same]}" comes before "${second[same]}"`
  return `"${first}" must stand before "${second}": ${why}.`
}

const fault = (answer: string, target: string): string | undefined => {
  const [words, right] = [wordsOf(answer), wordsOf(target)]
  if (words.join(" ") === right.join(" ")) return undefined
  const missing = without(right, words)
  const extra = without(words, right)
  const at = words.findIndex((word, i) => i > 0 && right.indexOf(word) < right.indexOf(words[i - 1]!))
  return [
    `The order "${words.join(" ")}" is wrong, it must be "${right.join(" ")}".`,
    ...(missing.length === 0
      ? []
      : [`These words were left out: ${missing.join(", ")}. All words of the list must be there.`]),
    ...(extra.length === 0 ? [] : [`These are not in the list: ${extra.join(", ")}.`]),
    ...(at < 0 || extra.length > 0 ? [] : [order(words[at]!, words[at - 1]!)])
  ].join(" ")
}

/** Words of a list in order, as in BIG-Bench Hard, where TextGrad asked a judge: here the check is exact. */
export const WordSorting: Subject<string> = {
  name: "word-sorting",
  instructions: "Sort the words. The answer is all of the words, separated by spaces.",
  role: "instructions of the model that sorts words",
  // the longest published list has twenty words
  answer: Schema.String.check(Schema.isMaxLength(300)),
  textgrad: "judge",
  fault: (answer, puzzle) => fault(answer, puzzle.answer)
}
