/**
 * A solution: reasoning, and in its last line the final answer. This text is what is criticised and rewritten.
 */
import { Generate, Optimize, type Request, type TextModel, type TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as FinalAnswer from "../scorer/FinalAnswer.ts"
import type { Question } from "./Question.ts"

/** How solutions are asked for. */
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

/** What the last line of a solution is, in words. */
export const lastLine = ({ wanted }: Question): string =>
  `the last line is "Answer: " and then the final answer alone: ${wanted}`

/** Reasoning and answer as one text. */
const written = ({ answer, reasoning }: { readonly reasoning: string; readonly answer: string }): string =>
  `${reasoning.trim()}\nAnswer: ${answer.trim()}`

/** The final answer of a solution, from the last place that states one; empty where none does. */
export const answerOf = (solution: string): string => {
  const { line, stated } = FinalAnswer.find(solution)
  return stated ? line : ""
}

/** The answer of most solutions, the first of equals; those without an answer have no vote. Empty where none has one. */
export const vote = (answers: ReadonlyArray<string>, { key }: Question): string => {
  const given = answers.filter((answer) => answer !== "")
  return given.length === 0 ? "" : Optimize.majority(given, key)
}

const schemaOf = ({ answer }: Question, reasoning: number) =>
  Schema.Struct({ reasoning: Schema.String.check(Schema.isMaxLength(reasoning)), answer })

/** A letter more than an average word with its space, so that what keeps to the words keeps to the characters. */
const charactersOfWord = 8

const structured = (question: Question, reasoning: number): string =>
  `Answer the question. In "reasoning", work it out step by step, in at most ${Math.floor(reasoning / charactersOfWord)} words: what is asked, what is given, then each step. In "answer", give the final answer alone: ${question.wanted}.`

const free = (question: Question): string =>
  `Answer the question. Work it out step by step: what is asked, what is given, then each step. ${lastLine(question).replace(/^t/, "T")}.`

/** One solution of a question: one call, two where a structured reply had to be repaired. */
export const ask = (
  question: Question,
  { notes, reasoning, replies, sample, sampling }: Asking
): Effect.Effect<string, TextModelError.TextModelError, TextModel> => {
  const options = {
    prompt: notes === undefined ? question.text : `${question.text}\n\n${notes}`,
    role: "solution of the question",
    ...(sampling === undefined ? {} : { sampling }),
    ...(sample === undefined ? {} : { sample })
  }
  return replies === "last line"
    ? Effect.map(Generate.text({ ...options, system: free(question) }), ({ value }) => value)
    : Effect.map(
        Generate.object({
          ...options,
          system: structured(question, reasoning),
          schema: schemaOf(question, reasoning),
          name: "solution"
        }),
        ({ value }) => written(value)
      )
}
