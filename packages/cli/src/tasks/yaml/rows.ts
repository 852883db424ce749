/**
 * The rows of a YAML task: read from its files, each with the fields that the task uses.
 */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import type { TaskUnreadable } from "../../exit/errors.ts"
import type { Located } from "./Located.ts"
import { lastNumber } from "./Metric.ts"
import type { TaskFile } from "./TaskFile.ts"
import { words } from "./words.ts"

/** The fields that the prompt shows, and the right answer as text. */
export interface Row {
  readonly fields: { readonly [name: string]: Schema.Json }
  readonly target: string
}

export interface Sets {
  readonly train: ReadonlyArray<Row>
  readonly validation: ReadonlyArray<Row>
  readonly test: ReadonlyArray<Row>
}

const Field: Schema.Codec<Schema.Json, Schema.Json> = Schema.Json.check(
  Schema.makeFilter((value) => value !== null, { expected: "a value" })
)
const Answer = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
const NumberAnswer = Answer.check(
  Schema.makeFilter((value) => lastNumber(String(value)) !== undefined, { expected: "a number" })
)

/** What a row of the file must have. */
const rowSchema = ({ metric, labels, target }: TaskFile, fields: ReadonlyArray<string>) => {
  const answer = labels !== undefined ? Schema.Literals(labels) : metric === "number" ? NumberAnswer : Answer
  return Schema.Struct({
    ...Object.fromEntries(fields.map((field) => [field, Field])),
    [target]: answer
  }) as unknown as Schema.Codec<{ readonly [name: string]: Schema.Json }, unknown>
}

// the same rows are held out whatever the seed of a run is: scores of several runs can be compared
const splitSeed = 0

/** All sets, cut as the file says. `fields`: what the prompt shows. */
export const load = Effect.fnUntraced(function* (
  { value: task, refuse }: Located<TaskFile>,
  folder: string,
  shown: (path: string) => string,
  fields: ReadonlyArray<string>
): Effect.fn.Return<Sets, TaskUnreadable | Dataset.DatasetError, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const schema = rowSchema(task, fields)
  const read = Effect.fnUntraced(function* (file: string, field: string) {
    const whole = path.resolve(folder, file)
    const reader = /\.csv$/i.test(file) ? Dataset.csv : /\.(jsonl|ndjson)$/i.test(file) ? Dataset.jsonl : undefined
    if (reader === undefined) return yield* refuse(["data", field], `"${file}" is neither a .jsonl nor a .csv file`)
    const rows = yield* Effect.mapError(
      reader(whole, schema),
      (error) => new Dataset.DatasetError({ ...error, file: shown(whole), problem: words(error.problem) })
    )
    return rows.map((row): Row => ({ fields: row, target: String(row[task.target]) }))
  })

  const { file, train, validation, test } = task.data
  if (file === undefined) {
    if (typeof train !== "string") {
      return yield* refuse(["data"], `it needs either "file" (and shares) or a file for "train"`)
    }
    const others = { validation, test }
    for (const [name, set] of Object.entries(others)) {
      if (typeof set === "number") return yield* refuse(["data", name], `a share needs a "file" to be cut from`)
    }
    const set = (given: string | number | undefined, field: string) =>
      typeof given === "string" ? read(given, field) : Effect.succeed<ReadonlyArray<Row>>([])
    return {
      train: yield* read(train, "train"),
      validation: yield* set(validation, "validation"),
      test: yield* set(test, "test")
    }
  }
  const shares = { train, validation, test }
  for (const [name, share] of Object.entries(shares)) {
    if (typeof share === "string") {
      return yield* refuse(["data", name], `"${share}" is no share: with "file", sets are shares of it, such as 0.5`)
    }
  }
  const [first, second] = [(train as number | undefined) ?? 0.5, (validation as number | undefined) ?? 0.25]
  const third = (test as number | undefined) ?? 1 - first - second
  if (first + second + third > 1 + 1e-9 || third < -1e-9) {
    return yield* refuse(["data"], `the shares are more than the whole: ${first} + ${second} + ${Math.max(0, third)}`)
  }
  const rows = yield* read(file, "file")
  const cut = yield* Dataset.split(rows, { train: first, validation: second }, splitSeed)
  return test === undefined ? cut : { ...cut, test: cut.test.slice(0, Math.round(third * rows.length)) }
})
