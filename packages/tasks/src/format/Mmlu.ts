/** MMLU (Hendrycks et al., arXiv 2009.03300): a CSV file a subject, without names of columns. */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Choice } from "./Choice.ts"
import { either, Input, lines, nameOf } from "./Reader.ts"

const Letter = Schema.Literals(["A", "B", "C", "D"])

const columns = ["question", "A", "B", "C", "D", "answer"]

const Published = Schema.Struct({
  question: Schema.String,
  A: Schema.String,
  B: Schema.String,
  C: Schema.String,
  D: Schema.String,
  answer: Letter
})

const Neutral = Schema.Struct({
  ...Input.fields,
  choices: Schema.Array(Schema.String).check(Schema.isMinLength(4), Schema.isMaxLength(4)),
  target: Letter
})

/** The rows, their choices in the published order. */
export const read = either({
  published: (file) =>
    Effect.map(Dataset.csv(file, Published, { columns }), (rows) =>
      rows.map(
        ({ question, A, B, C, D, answer }, i): Choice => ({
          id: nameOf(file, i),
          question,
          choices: [A, B, C, D],
          answer
        })
      )
    ),
  neutral: lines(
    Neutral,
    ({ id, input, choices, target }): Choice => ({ id, question: input, choices, answer: target })
  )
})
