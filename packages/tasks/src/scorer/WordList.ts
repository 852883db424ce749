/** Answers that are words in an order, such as a sorted list; how they are set apart does not matter, nor capitals. */
import type { Verdict } from "@backprose/core"
import * as FinalAnswer from "./FinalAnswer.ts"

const words = (text: string): ReadonlyArray<string> =>
  FinalAnswer.plain(text)
    // "1. apple", "- apple"
    .replaceAll(/^\s*(?:\d+[.)]|[-•])\s+/gmu, "")
    .split(/[\s,;<>→|"“”()[\]{}]+/u)
    .map((word) =>
      word
        .toLowerCase()
        .replace(/^['‘]+/u, "")
        .replace(/[.'’:!]+$/u, "")
    )
    .filter((word) => word !== "" && word !== "and")

// words and what sets them apart, and nothing of a sentence's: a reply that was cut ends in the middle of one
const bare = /^[\p{L}\p{N}\p{M}'’&.,\s-]+$/u

/** The words that a reply gives for its answer, in order; none where it gives none. */
export const find = (reply: string): ReadonlyArray<string> | undefined => {
  const { line, rest, stated } = FinalAnswer.find(reply)
  if (!stated) return bare.test(FinalAnswer.plain(reply)) ? words(reply) : undefined
  // a list with a line a word begins with its first line: all of it is the answer
  const many = rest.split("\n").filter((one) => one.trim() !== "")
  const found = words(many.length > 1 && words(line).length === 1 ? rest : line)
  return found.length === 0 ? undefined : found
}

/** What is wrong with a list of words, in words. */
const fault = (said: ReadonlyArray<string>, right: ReadonlyArray<string>): string => {
  const missing = right.filter((word) => !said.includes(word))
  const foreign = said.filter((word) => !right.includes(word))
  if (missing.length > 0) return `it leaves out ${missing.join(", ")}`
  if (foreign.length > 0) return `it has ${foreign.join(", ")}, which the question does not`
  if (said.length !== right.length) return "it has a word more or less often than the question"
  const place = right.findIndex((word, i) => said[i] !== word)
  return `${right[place]} must come before ${said[place]}`
}

/** Whether a reply gives the words of the data set, all of them and in their order. */
export const score = (reply: string, answer: string): Verdict.Verdict => {
  const said = find(reply)
  const right = words(answer)
  if (said !== undefined && said.join(" ") === right.join(" ")) return { score: 1, feedback: "" }
  return {
    score: 0,
    feedback:
      said === undefined
        ? `No list can be read as the answer. The reply must end with it: here "${answer}".`
        : `The list is wrong: ${fault(said, right)}. It must be "${answer}".`
  }
}
