/**
 * HotpotQA (Yang et al., arXiv 1809.09600) with its ten paragraphs a question: a JSON array, or the same objects as lines; as its
 * authors publish it, or as Hugging Face does, with a list for each field in place of a list of pairs.
 */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Hotpot, Paragraph } from "./Hotpot.ts"
import { either, Input, lines, type Reader } from "./Reader.ts"

const Facts = Schema.Array(Schema.Tuple([Schema.String, Schema.Int]))

const Published = Schema.Struct({
  _id: Schema.String,
  question: Schema.String,
  answer: Schema.String,
  context: Schema.Array(Schema.Tuple([Schema.String, Schema.Array(Schema.String)])),
  supporting_facts: Schema.optionalKey(Facts)
})

const Columns = Schema.Struct({
  id: Schema.String,
  question: Schema.String,
  answer: Schema.String,
  context: Schema.Struct({
    title: Schema.Array(Schema.String),
    sentences: Schema.Array(Schema.Array(Schema.String))
  }),
  supporting_facts: Schema.optionalKey(
    Schema.Struct({ title: Schema.Array(Schema.String), sent_id: Schema.Array(Schema.Int) })
  )
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

const columns = ({ context, id, supporting_facts: facts, ...row }: typeof Columns.Type): Hotpot =>
  published({
    ...row,
    _id: id,
    context: pairs(context.title, context.sentences),
    ...(facts === undefined ? {} : { supporting_facts: pairs(facts.title, facts.sent_id) })
  })

const pairs = <A, B>(first: ReadonlyArray<A>, second: ReadonlyArray<B>): ReadonlyArray<readonly [A, B]> =>
  first.slice(0, second.length).map((one, i) => [one, second[i]!])

const rows =
  <Row>(schema: Schema.Codec<Row, unknown>, make: (row: Row) => Hotpot): Reader<Hotpot> =>
  (file) =>
    file.endsWith(".json")
      ? Effect.map(Dataset.json(file, Schema.NonEmptyArray(schema)), (all) => all.map(make))
      : lines(schema, make)(file)

/** The two shapes differ in the name of the name. */
const firstHasNoName = ({ field, line }: Dataset.DatasetError): boolean =>
  (line === 1 && field === "_id") || field === "0._id"

/** The rows. */
export const read = either({
  published: (file) =>
    Effect.catchIf(rows(Published, published)(file), firstHasNoName, () => rows(Columns, columns)(file)),
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
