/**
 * Answers that are the letter of a choice, however they are dressed: "Answer: C", "(C)", "**C**", "C) 12 m", the text of the
 * choice itself.
 */
import type { Verdict } from "@backprose/core"
import { type Choice, letter } from "../format/Choice.ts"
import { strip } from "./Edges.ts"
import * as FinalAnswer from "./FinalAnswer.ts"
import * as Options from "./Options.ts"

// what dresses a single letter
const dress = /["'“”()[\]{}.,;:!\s]/u

/** What may still stand between a letter and the text of its choice. */
const setOff = /[)"'\].:\s]/u

/** "A and B", "AB", "A, C": more than one choice is none. */
const several = /^[("'[]*[A-Z][)"'\]]*\s*(?:,|\/|&|and\b|or\b|(?=[A-Z]\b))\s*[("'[]*[A-Z]\b/u

/** The letter that a line begins with, set off by more than a blank, or by one where what follows is no sentence about "A". */
const leading =
  /^(?:(?:option|choice|letter|choose|select)\s+)?[("'[]*(?<letter>[A-Z])(?:[)"'\].,:;]|\s+[-–—]|$|\s(?![a-z]))/iu

const alone = /(?<![\p{L}\p{N}'’.])(?<letter>[A-Z])(?![\p{L}\p{N}'’]|\s[a-z])/gu

/** Letters in the middle of a sentence: only where all of them are the same one. */
const within = (line: string, known: (letter: string) => boolean): string | undefined => {
  const found = new Set([...line.matchAll(alone)].map(({ groups }) => groups?.["letter"] ?? "").filter(known))
  return found.size === 1 ? [...found][0] : undefined
}

/**
 * The letter that a reply gives for its answer, in capitals; none where it gives none, or more than one. `choices` are the
 * texts behind the letters, from "A" on.
 */
export const find = (reply: string, choices: ReadonlyArray<string>): string | undefined => {
  const { line, stated } = FinalAnswer.find(reply)
  const known = (one: string) => choices[one.charCodeAt(0) - 65] !== undefined
  const single = strip(line, dress).toUpperCase()
  if (single.length === 1) return known(single) ? single : undefined
  const named = Options.indexOf(choices, line)
  if (named !== undefined) return letter(named)
  const head = leading.exec(line)
  const first = head?.groups?.["letter"]?.toUpperCase() ?? ""
  // "(C) A mixture of gases": the second letter is none where it stands in the choice's own text
  const rest = strip(line.slice(head?.[0].length ?? 0), setOff)
  if (Options.begins(rest, FinalAnswer.plain(choices[first.charCodeAt(0) - 65] ?? ""))) return first
  if (several.test(line)) return undefined
  if (known(first)) return first
  return stated ? within(line, known) : undefined
}

const shown = (one: string, choices: ReadonlyArray<string>) => `${one}) ${choices[one.charCodeAt(0) - 65] ?? ""}`

/** Whether a reply gives the right letter of a choice. */
export const score = (reply: string, { answer, choices }: Pick<Choice, "answer" | "choices">): Verdict.Verdict => {
  const said = find(reply, choices)
  if (said === answer) return { score: 1, feedback: "" }
  return {
    score: 0,
    feedback:
      said === undefined
        ? `No letter can be read as the answer. The reply must end with one: here "${shown(answer, choices)}".`
        : `The answer "${shown(said, choices)}" is wrong, "${shown(answer, choices)}" is right.`
  }
}
