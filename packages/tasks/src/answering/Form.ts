/**
 * What the rows of a data set are as questions: what is shown of them, and how an answer is scored.
 */
import type { Choice } from "../format/Choice.ts"
import type { Hotpot } from "../format/Hotpot.ts"
import type { Worded } from "../format/Worded.ts"
import * as Question from "./Question.ts"

/** How one kind of rows is asked and scored. */
export interface Form<Row> {
  readonly question: (row: Row) => Question.Question
  /** From 0 to 1. An empty answer is none. */
  readonly score: (answer: string, row: Row) => number
}

/** Right where it is the same answer as the row's. */
const exact =
  <Row extends { readonly answer: string }>(question: (row: Row) => Question.Question): Form<Row>["score"] =>
  (answer, row) => {
    const { key } = question(row)
    return answer !== "" && key(answer) === key(row.answer) ? 1 : 0
  }

/** Multiple choice: the letter. */
export const choice: Form<Choice> = { question: Question.ofChoice, score: exact(Question.ofChoice) }

/** Questions whose answer is a number. */
export const number: Form<Worded> = { question: Question.ofNumber, score: exact(Question.ofNumber) }

/** Questions with another answer in words. */
export const worded: Form<Worded> = { question: Question.ofWorded, score: exact(Question.ofWorded) }

/** Questions over paragraphs. */
export const hotpot: Form<Hotpot> = { question: Question.ofHotpot, score: exact(Question.ofHotpot) }
