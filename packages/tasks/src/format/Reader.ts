/**
 * How files of published formats become rows. A reader takes a path and gives rows; what is wrong is named by file, line and
 * field.
 */
import { basename } from "node:path"
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** Gives the rows of a file. */
export type Reader<A> = (file: string) => Effect.Effect<ReadonlyArray<A>, Dataset.DatasetError, FileSystem>

/** What a row is called that has no name of its own: its file and its place in it, from 0. */
export const nameOf = (file: string, index: number): string =>
  // a fetched file has its checksum before its name
  `${basename(file)
    .replace(/^[0-9a-f]{32}-/, "")
    .replace(/\.\w+$/, "")}/${index}`

/** A reader of one JSON object a line. */
export const lines =
  <Row, A>(schema: Schema.Codec<Row, unknown>, make: (row: Row, name: string) => A): Reader<A> =>
  (file) =>
    Effect.map(Dataset.jsonl(file, schema), (rows) => rows.map((row, i) => make(row, nameOf(file, i))))

const Neutral = Schema.fromJsonString(Schema.Struct({ id: Schema.String, input: Schema.String }))

const isNeutral = Effect.fnUntraced(function* (file: string) {
  const { readFileString } = yield* FileSystem
  // a file that cannot be read is reported by the reader that is asked next
  const text = yield* Effect.option(readFileString(file))
  const first = Option.map(text, (rows) => rows.split("\n").find((row) => row.trim() !== "") ?? "")
  return Option.isSome(Option.flatMap(first, Schema.decodeUnknownOption(Neutral)))
})

/**
 * Reads a data set as it is published, and also as JSON lines under the same names for every set: `id`, `input` (what a model
 * is given), `target` (the right answer), and what else the set needs. The first row decides which of the two a file is.
 */
export const either =
  <A>(shapes: { readonly published: Reader<A>; readonly neutral: Reader<A> }): Reader<A> =>
  (file) =>
    Effect.flatMap(isNeutral(file), (neutral) => (neutral ? shapes.neutral : shapes.published)(file))

/** A word question under those names. */
export const Input = Schema.Struct({ id: Schema.String, input: Schema.String, target: Schema.String })
