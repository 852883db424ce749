/**
 * What the rows of a data set are as questions: what is shown of them, and how an answer is scored.
 */
import type { Verdict } from "@backprose/core"
import type { Choice } from "../format/Choice.ts"
import type { Hotpot } from "../format/Hotpot.ts"
import type { Worded as WordedRow } from "../format/Worded.ts"
import * as HotpotAnswer from "../scorer/HotpotAnswer.ts"
import * as Letter from "../scorer/Letter.ts"
import * as Numeric from "../scorer/Numeric.ts"
import * as TextGradScorer from "../scorer/TextGradScorer.ts"
import * as Worded from "../scorer/Worded.ts"
import * as Question from "./Question.ts"

/** How one kind of rows is asked and scored. */
export interface Form<Row> {
  readonly question: (row: Row) => Question.Question
  /** Of a final answer; an empty one is none, and wrong. */
  readonly score: (answer: string, row: Row) => Verdict.Verdict
}

/** Multiple choice: the letter. */
export const choice: Form<Choice> = {
  question: Question.ofChoice,
  score: (answer, row) => Letter.score(Question.stated(answer), row)
}

// in a vote of TextGrad's it is an answer like any other
const noLetter = "no letter"

/**
 * Multiple choice as TextGrad reads and scores it, to compare with its figures: the letter after the first "Answer:" of a
 * text, whose capital counts. For replies in the style "last line".
 */
export const textgradChoice: Form<Choice> = {
  question: (row) => ({
    ...Question.ofChoice(row),
    read: (reply) => TextGradScorer.parseLetter(reply) ?? noLetter,
    key: (answer) => answer
  }),
  score: (answer, row) =>
    TextGradScorer.letterEquals(Question.stated(answer), row.answer) === 1
      ? { score: 1, feedback: "" }
      : { score: 0, feedback: `The reply is read as ${answer}, it must be ${row.answer}.` }
}

/** Questions whose answer is a number, right by its value. */
export const number: Form<WordedRow> = {
  question: Question.ofNumber,
  score: (answer, row) => Numeric.score(Question.stated(answer), row.answer)
}

/** Questions that say themselves how they want their answer: a letter, a truth, a number, a list of words. */
export const worded: Form<WordedRow> = {
  question: Question.ofWorded,
  score: (answer, row) => Worded.score(Question.stated(answer), row)
}

/** Questions over paragraphs: words in common with the right answer, 1 where it is the same (F1 of HotpotQA). */
export const hotpot: Form<Hotpot> = {
  question: Question.ofHotpot,
  score: (answer, row) => HotpotAnswer.score(Question.stated(answer), row.answer)
}
