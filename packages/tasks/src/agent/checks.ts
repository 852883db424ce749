/** How an outcome is judged: the answer by HotpotQA's own measure, the search by the paragraphs that are needed. */
import type { Verdict } from "@backprose/core"
import type { Hotpot } from "../format/Hotpot.ts"
import * as HotpotAnswer from "../scorer/HotpotAnswer.ts"
import type { Outcome } from "./Outcome.ts"

/** `f1`: the words in common, 0 to 1. `exact`: 1 or 0. Both without capitals, articles and punctuation. */
export type Measure = "exact" | "f1"

/** The sentences that the answer rests on, as far as the data set names them. */
const evidence = ({ paragraphs, supporting = [] }: Hotpot): ReadonlyArray<string> =>
  supporting.flatMap(({ sentence, title }) => {
    const text = paragraphs.find((paragraph) => paragraph.title === title)?.sentences[sentence]
    return text === undefined ? [] : [`"${title}": ${text.trim()}`]
  })

/** The answer; the feedback has the right one and what it rests on. */
export const checkAnswer = ({ answer }: Outcome, example: Hotpot, measure: Measure): Verdict.Scored => {
  const score =
    measure === "f1" ? HotpotAnswer.f1(answer, example.answer) : Number(HotpotAnswer.exact(answer, example.answer))
  if (score === 1) return 1
  const fault = score === 0 ? "is wrong" : "is not exact"
  const rests = evidence(example)
  return {
    score,
    feedback: [
      `The answer "${answer}" ${fault}, it must be "${example.answer}".`,
      ...(rests.length === 0 ? [] : [`It rests on: ${rests.join(" ")}`])
    ].join(" ")
  }
}

/** How many of the needed paragraphs were found; nothing can be said where the data set does not name them. */
export const checkSearch = ({ queries, titles }: Outcome, { supporting = [] }: Hotpot): Verdict.Scored | undefined => {
  const needed = [...new Set(supporting.map(({ title }) => title))]
  if (needed.length === 0) return undefined
  const lacking = needed.filter((title) => !titles.includes(title))
  if (lacking.length === 0) return 1
  const quoted = (texts: ReadonlyArray<string>) => texts.map((text) => JSON.stringify(text)).join(", ")
  const second = queries.length > 1 ? "" : " No second search was made."
  return {
    score: 1 - lacking.length / needed.length,
    feedback: `The search did not find these paragraphs, which are needed: ${quoted(lacking)}. It searched for: ${quoted(queries)}.${second}`
  }
}
