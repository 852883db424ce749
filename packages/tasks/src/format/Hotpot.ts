/** A question over paragraphs, of which only some are needed. */
import * as Schema from "effect/Schema"

export const Paragraph = Schema.Struct({ title: Schema.String, sentences: Schema.Array(Schema.String) })

export interface Paragraph extends Schema.Schema.Type<typeof Paragraph> {}

/**
 * `supporting` names the sentences that the answer needs, by the title of their paragraph and their index in it, from 0; it
 * is for scorers and never for a prompt. A few published indices lie past the end of their paragraph.
 */
export const Hotpot = Schema.Struct({
  id: Schema.String,
  question: Schema.String,
  answer: Schema.String,
  paragraphs: Schema.Array(Paragraph),
  supporting: Schema.optionalKey(Schema.Array(Schema.Struct({ title: Schema.String, sentence: Schema.Int })))
})

export interface Hotpot extends Schema.Schema.Type<typeof Hotpot> {}
