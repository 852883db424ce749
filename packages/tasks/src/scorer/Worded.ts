/** The scorer that fits a word question, by the form of its right answer. */
import type { Verdict } from "@backprose/core"
import type { Worded } from "../format/Worded.ts"
import * as Letter from "./Letter.ts"
import * as Numeric from "./Numeric.ts"
import * as Options from "./Options.ts"
import * as Truth from "./Truth.ts"
import * as WordList from "./WordList.ts"

/** Compares as a letter ("(B)", with the choices of the question), a truth, a number, or a list of words: right or wrong. */
export const score = (reply: string, { answer, question }: Worded): Verdict.Verdict => {
  const [, letter] = /^\(([A-Z])\)$/u.exec(answer) ?? []
  if (letter !== undefined) return Letter.score(reply, { answer: letter, choices: Options.of(question) })
  if (/^(?:true|false|yes|no)$/iu.test(answer)) return Truth.score(reply, answer)
  return /^[-−]?[\d,]*\.?\d+$/u.test(answer) ? Numeric.score(reply, answer) : WordList.score(reply, answer)
}
