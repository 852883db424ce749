/**
 * GPQA (Rein et al., arXiv 2311.12022): a CSV file with about 70 columns. Its authors ask that its questions stay out of all
 * that is published: read it from a file of your own (`ownOnly` of `Source.read`).
 */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import * as Schema from "effect/Schema"
import type { Order } from "../shuffle/Order.ts"
import { type Choice, letter } from "./Choice.ts"
import { nameOf } from "./Reader.ts"

const Published = Schema.Struct({
  Question: Schema.String,
  "Correct Answer": Schema.String,
  "Incorrect Answer 1": Schema.String,
  "Incorrect Answer 2": Schema.String,
  "Incorrect Answer 3": Schema.String,
  "Record ID": Schema.optionalKey(Schema.String)
})

const named = (row: typeof Published.Type, name: string) => ({
  id: row["Record ID"] === undefined || row["Record ID"] === "" ? name : row["Record ID"],
  question: row.Question.trim(),
  choices: [row["Correct Answer"], ...([1, 2, 3] as const).map((n) => row[`Incorrect Answer ${n}`])].map((choice) =>
    choice.trim()
  )
})

/** The rows. The file says which answer is right and no order: see {@link Order}. */
export const read =
  (order: Order) =>
  (file: string): Effect.Effect<ReadonlyArray<Choice>, Dataset.DatasetError, FileSystem> =>
    Effect.gen(function* () {
      const rows = (yield* Dataset.csv(file, Published)).map((row, i) => named(row, nameOf(file, i)))
      const orders = yield* order(rows.map(({ id }) => id))
      return rows.map(({ choices, id, question }, i): Choice => {
        const places = orders[i] ?? []
        return { id, question, choices: places.map((place) => choices[place] ?? ""), answer: letter(places.indexOf(0)) }
      })
    })
