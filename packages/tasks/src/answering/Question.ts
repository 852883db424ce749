/**
 * A question as the methods see it: what is shown, what kind of answer it wants, and which answers are the same. The right
 * one is not in it.
 */
import { Fence } from "@backprose/core"
import * as Schema from "effect/Schema"
import { type Choice, letter } from "../format/Choice.ts"
import type { Hotpot } from "../format/Hotpot.ts"
import type { Worded } from "../format/Worded.ts"
import * as HotpotAnswer from "../scorer/HotpotAnswer.ts"
import * as Letter from "../scorer/Letter.ts"
import * as Numeric from "../scorer/Numeric.ts"

/** What a method is given. */
export interface Question {
  /** All that a model is shown of it: choices and paragraphs too. */
  readonly text: string
  /** What the final answer is, in words: "a number in digits". */
  readonly wanted: string
  /** The shape of the final answer. */
  readonly answer: Schema.Codec<string, unknown>
  /** Answers that are the same in a vote have the same key. */
  readonly key: (answer: string) => string
  /** The final answer that a reply in words gives; empty where it gives none. Default: the last one that it states. */
  readonly read?: (reply: string) => string
}

// word lists of BIG-Bench Hard come to 180 characters
const short = Schema.String.check(Schema.isMaxLength(300))

/** Without capitals and whatever is neither letter, digit nor sign. */
const plain = (answer: string): string =>
  answer
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}-]+/gu, " ")
    .trim()

/** A final answer as scorers read one. */
export const stated = (answer: string): string => `Answer: ${answer}`

/** A question of multiple choice; it wants the letter. */
export const ofChoice = ({ choices, question }: Choice): Question => {
  const letters = choices.map((_, index) => letter(index))
  return {
    text: [question, "", ...choices.map((choice, index) => `(${letters[index]}) ${choice}`)].join("\n"),
    wanted: `the letter of the right choice, one of ${letters.join(", ")}`,
    answer: Schema.Literals(letters),
    key: (answer) => Letter.find(stated(answer), choices) ?? plain(answer)
  }
}

/** A question whose answer is a number. */
export const ofNumber = ({ question }: Worded): Question => ({
  text: question,
  wanted: "a number in digits, without a unit",
  answer: Schema.String.check(Schema.isMaxLength(40)),
  key: (answer) => String(Numeric.find(stated(answer)) ?? plain(answer))
})

/** A question that says itself in which form it wants its answer. */
export const ofWorded = ({ question }: Worded): Question => ({
  text: question,
  wanted: "exactly in the form that the question asks for",
  answer: short,
  key: plain
})

/** A question over paragraphs, all of which are shown. */
export const ofHotpot = ({ paragraphs, question }: Hotpot): Question => ({
  text: [
    "Paragraphs, of which only some matter:",
    ...paragraphs.map(({ sentences, title }) =>
      Fence.wrap("paragraph", `${title}\n${sentences.map((sentence) => sentence.trim()).join(" ")}`)
    ),
    "",
    `Question: ${question}`
  ].join("\n"),
  wanted: "yes, no, or the few words that answer it, as the paragraphs have them",
  answer: short,
  key: HotpotAnswer.normal
})
