/** A multiple-choice question. */
import * as Schema from "effect/Schema"

/** `answer` is the letter of the right choice, "A" for the first. */
export const Choice = Schema.Struct({
  id: Schema.String,
  question: Schema.String,
  choices: Schema.Array(Schema.String),
  answer: Schema.String
})

export interface Choice extends Schema.Schema.Type<typeof Choice> {}

/** The letter of a choice by its position: 0 is "A". */
export const letter = (index: number): string => String.fromCharCode(65 + index)
