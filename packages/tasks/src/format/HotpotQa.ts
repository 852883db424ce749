/** HotpotQA (Yang et al., arXiv 1809.09600) with its ten paragraphs a question: a JSON array, or the same objects as lines. */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Hotpot, Paragraph } from "./Hotpot.ts"
import { either, Input, lines } from "./Reader.ts"

const Facts = Schema.Array(Schema.Tuple([Schema.String, Schema.Int]))

const Published = Schema.Struct({
  _id: Schema.String,
  question: Schema.String,
  answer: Schema.String,
  context: Schema.Array(Schema.Tuple([Schema.String, Schema.Array(Schema.String)])),
  supporting_facts: Schema.optionalKey(Facts)
})

const Neutral = Schema.Struct({
  ...Input.fields,
  context: Schema.Array(Paragraph),
  supporting_facts: Schema.optionalKey(Facts)
})

const supporting = (facts: typeof Facts.Type | undefined): Pick<Hotpot, "supporting"> =>
  facts === undefined ? {} : { supporting: facts.map(([title, sentence]) => ({ title, sentence })) }

const published = ({ _id, answer, context, question, supporting_facts }: typeof Published.Type): Hotpot => ({
  id: _id,
  question,
  answer,
  paragraphs: context.map(([title, sentences]) => ({ title, sentences })),
  ...supporting(supporting_facts)
})

/** The rows. */
export const read = either({
  published: (file) =>
    file.endsWith(".json")
      ? Effect.map(Dataset.json(file, Schema.NonEmptyArray(Published)), (rows) => rows.map(published))
      : lines(Published, published)(file),
  neutral: lines(
    Neutral,
    ({ context, id, input, supporting_facts, target }): Hotpot => ({
      id,
      question: input,
      answer: target,
      paragraphs: context,
      ...supporting(supporting_facts)
    })
  )
})
