/**
 * Short answers in words, compared as HotpotQA's own evaluation does (Yang et al., arXiv 1809.09600): without capitals, articles and
 * punctuation.
 */
import type { Verdict } from "@backprose/core"
import { strip } from "./Edges.ts"
import * as FinalAnswer from "./FinalAnswer.ts"

// string.punctuation of Python
const punctuation = /[!-/:-@[-`{-~]/g
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu

/** What is compared of an answer. */
export const normal = (answer: string): string =>
  answer.toLowerCase().replaceAll(punctuation, "").replaceAll(articles, " ").split(/\s+/u).filter(Boolean).join(" ")

/** Whether both are the same once normal: the "EM" of the evaluation. */
export const exact = (answer: string, gold: string): boolean => normal(answer) === normal(gold)

// an answer of these is all or nothing: "yes" shares no credit with "yes, both"
const closed = ["yes", "no", "noanswer"]

const counted = (words: ReadonlyArray<string>) => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** The harmonic mean of the shares of words that answer and gold have in common, 0 to 1: the "F1" of the evaluation. */
export const f1 = (answer: string, gold: string): number => {
  const [said, right] = [normal(answer), normal(gold)]
  if (said !== right && (closed.includes(said) || closed.includes(right))) return 0
  const [saidWords, rightWords] = [said.split(" "), right.split(" ")]
  const inGold = counted(rightWords)
  let common = 0
  for (const [word, count] of counted(saidWords)) common += Math.min(count, inGold.get(word) ?? 0)
  if (common === 0 || said === "") return 0
  const precision = common / saidWords.length
  const recall = common / rightWords.length
  return (2 * precision * recall) / (precision + recall)
}

/** What a reply gives for its answer: what it states, else its last line. */
export const find = (reply: string): string => strip(FinalAnswer.find(reply).line, /[.\s]/u)

/** How well a reply gives the gold answer: {@link f1} of what {@link find} finds, 1 where it is {@link exact}. */
export const score = (reply: string, gold: string): Verdict.Verdict => {
  const said = find(reply)
  if (exact(said, gold)) return { score: 1, feedback: "" }
  const value = f1(said, gold)
  const fault = value === 0 ? "is wrong" : "is not exact"
  return { score: value, feedback: `The answer "${said}" ${fault}, it must be "${gold}".` }
}
