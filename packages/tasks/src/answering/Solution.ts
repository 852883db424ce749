/**
 * A solution: reasoning, and the final answer that follows from it. This is what is criticised and rewritten.
 */
import { Generate, Optimize, Parameter, type Request, type TextModel, type TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as FinalAnswer from "../scorer/FinalAnswer.ts"
import * as Question from "./Question.ts"

/** With its final answer in a field of its own, or as a text whose last line states it. */
export type Solution = { readonly reasoning: string; readonly answer: string } | string

/** How solutions are asked for, first and in each update. */
export interface Style {
  /**
   * `structured`, the default: reasoning and answer as JSON, which every provider can be held to and small models need.
   * `last line`: free text whose last line is the answer, as in the paper.
   */
  readonly replies: "structured" | "last line"
  /** The longest reasoning of a structured reply, in characters. Default 4,000. */
  readonly reasoning: number
}

/** The style where nothing else is said. */
export const style: Style = { replies: "structured", reasoning: 4000 }

/** What one solution is asked with, beside the question. */
export interface Asking extends Style {
  /** What the model has noted on earlier attempts of its own, as a text to stand after the question. */
  readonly notes?: string
  readonly sampling?: Request.Sampling
  readonly sample?: number
}

/** What holds for the final answer of every version, in words for an editor. */
export const constraint = ({ wanted }: Question.Question, { replies }: Style): string =>
  replies === "structured"
    ? `"answer" is the final answer alone, as it follows from the reasoning: ${wanted}`
    : `the last line is "Answer: " and then the final answer alone: ${wanted}`

/** What a solution is decoded by. */
export const schema = (
  { answer }: Question.Question,
  { reasoning, replies }: Style
): Schema.Codec<Solution, unknown> =>
  replies === "structured"
    ? Schema.Struct({ reasoning: Schema.String.check(Schema.isMaxLength(reasoning)), answer })
    : Parameter.Text

/** Reasoning and answer as one text. */
export const written = (solution: Solution): string =>
  typeof solution === "string" ? solution : `${solution.reasoning.trim()}\n${Question.stated(solution.answer.trim())}`

const lastStated = (reply: string): string => {
  const { line, stated } = FinalAnswer.find(reply)
  return stated ? line : ""
}

/** The final answer of a solution, as its question reads it; empty where there is none. */
export const answerOf = (solution: Solution, { read = lastStated }: Question.Question): string =>
  read(typeof solution === "string" ? solution : Question.stated(solution.answer))

/** The answer of most solutions, the first of equals; those without an answer have no vote. Empty where none has one. */
export const vote = (answers: ReadonlyArray<string>, { key }: Question.Question): string => {
  const given = answers.filter((answer) => answer !== "")
  return given.length === 0 ? "" : Optimize.majority(given, key)
}

/** A letter more than an average word with its space, so that what keeps to the words keeps to the characters. */
const charactersOfWord = 8

const system = (question: Question.Question, { reasoning, replies }: Style): string =>
  replies === "structured"
    ? `Answer the question. In "reasoning", work it out step by step and write out each step in full, with every calculation and its result, in at most ${Math.floor(reasoning / charactersOfWord)} words. In "answer", give the final answer alone: ${question.wanted}.`
    : `Answer the question. Work it out step by step and write out each step in full, with every calculation and its result. At the end, ${constraint(question, { reasoning, replies })}.`

/** One solution of a question: one call, two where a structured reply had to be repaired. */
export const ask = (
  question: Question.Question,
  { notes, sample, sampling, ...style }: Asking
): Effect.Effect<Solution, TextModelError.TextModelError, TextModel> => {
  const options = {
    system: system(question, style),
    prompt: notes === undefined ? question.text : `${question.text}\n\n${notes}`,
    role: "solution of the question",
    ...(sampling === undefined ? {} : { sampling }),
    ...(sample === undefined ? {} : { sample })
  }
  const asked: Effect.Effect<{ readonly value: Solution }, TextModelError.TextModelError, TextModel> =
    style.replies === "structured"
      ? Generate.object({ ...options, schema: schema(question, style), name: "solution" })
      : Generate.text(options)
  return Effect.map(asked, ({ value }) => value)
}
