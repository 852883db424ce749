/** Answers that are true or false, or yes or no, which are taken for the same. */
import type { Verdict } from "@backprose/core"
import * as FinalAnswer from "./FinalAnswer.ts"

const values: Record<string, boolean> = { true: true, yes: true, false: false, no: false }

const leading = /^[("'[]*(true|false|yes|no)\b/iu
// "not True" is no result, and neither is a line that was cut in the middle of a formula
const ending = /(?:^|[=:→]\s*|\bis\s+)["'([]*(true|false|yes|no)["')\].!]*$/iu

/** What a text says, where it begins with it. */
export const parse = (text: string): boolean | undefined => values[leading.exec(text.trim())?.[1]?.toLowerCase() ?? ""]

/** What a reply gives for its answer; none where it gives none, or was cut before it did. */
export const find = (reply: string): boolean | undefined => {
  const { line, stated } = FinalAnswer.find(reply)
  const ended = values[ending.exec(line)?.[1]?.toLowerCase() ?? ""]
  return stated ? (parse(line) ?? ended) : ended
}

/** Whether a reply gives the truth of the data set. */
export const score = (reply: string, answer: string): Verdict.Verdict => {
  const said = find(reply)
  if (said !== undefined && said === parse(answer)) return { score: 1, feedback: "" }
  return {
    score: 0,
    feedback:
      said === undefined
        ? `Neither true nor false can be read as the answer, which is ${answer}. The reply must end with it.`
        : `The answer is wrong, it must be ${answer}.`
  }
}
