/** BIG-Bench Hard (Suzgun et al., arXiv 2210.09261): a JSON document `{ examples: [{ input, target }] }` a task. */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { either, Input, lines, nameOf } from "./Reader.ts"
import type { Worded } from "./Worded.ts"

const Published = Schema.Struct({
  examples: Schema.NonEmptyArray(Schema.Struct({ input: Schema.String, target: Schema.String }))
})

/** The rows, in the order of the file. */
export const read = either({
  published: (file) =>
    Effect.map(Dataset.json(file, Published), ({ examples }) =>
      examples.map(({ input, target }, i): Worded => ({ id: nameOf(file, i), question: input, answer: target }))
    ),
  neutral: lines(Input, ({ id, input, target }): Worded => ({ id, question: input, answer: target }))
})

/** TextGrad's split of one file, by its order: 50 rows to train, 100 to validate, and the rest to test. */
export const split = <A>(rows: ReadonlyArray<A>): Dataset.Split<A> => ({
  train: rows.slice(0, 50),
  validation: rows.slice(50, 150),
  test: rows.slice(150)
})
