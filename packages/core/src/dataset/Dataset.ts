/**
 * Examples from files, decoded by a schema; a bad row names its file, line and field. And the usual ways to cut a set.
 */
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as FileSystem from "effect/FileSystem"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as Stream from "effect/Stream"

/** A row, or the whole file, cannot be read. `line` counts from 1; `field` is a path such as `answer` or `tags.0`. */
export class DatasetError extends Schema.TaggedError<DatasetError>()("DatasetError", {
  file: Schema.String,
  line: Schema.Int,
  field: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    const place = this.line === 0 ? this.file : `${this.file}:${this.line}`
    return this.field === "" ? `${place}: ${this.problem}` : `${place}: field "${this.field}": ${this.problem}`
  }
}

/** One JSON object a line; blank lines are skipped. */
export const jsonl = Effect.fnUntraced(function* <A>(
  file: string,
  schema: Schema.Codec<A, unknown>
): Effect.fn.Return<ReadonlyArray<A>, DatasetError, FileSystem.FileSystem> {
  const text = yield* read(file)
  const decode = rowDecoder(schema)
  const rows = text.replace(/^\uFEFF/, "").split(/\r?\n/)
  const examples: Array<A> = []
  for (const [i, row] of rows.entries()) {
    if (row.trim() === "") continue
    const json = Result.try({ try: () => JSON.parse(row) as unknown, catch: String })
    if (Result.isFailure(json)) {
      return yield* new DatasetError({ file, line: i + 1, field: "", problem: `not JSON: ${json.failure}` })
    }
    examples.push(yield* decode(json.success, file, i + 1))
  }
  return yield* notEmpty(examples, file)
})

/** Comma-separated values whose first line names the columns. `line` of an error is where the record stands. */
export const csv = Effect.fnUntraced(function* <A>(
  file: string,
  schema: Schema.Codec<A, unknown>
): Effect.fn.Return<ReadonlyArray<A>, DatasetError, FileSystem.FileSystem> {
  const text = yield* read(file)
  const decode = rowDecoder(schema)
  const records = yield* Stream.make(text).pipe(
    Stream.pipeThroughChannel(Csv.decodeString({ headers: true })),
    Stream.runCollect,
    Effect.mapError((error) => new DatasetError({ file, line: error.line, field: "", problem: error.message }))
  )
  const examples = yield* Effect.forEach(records, (record, i) => decode(record, file, i + 2))
  return yield* notEmpty(examples, file)
})

const read = (file: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(
      fs.readFileString(file),
      (error) => new DatasetError({ file, line: 0, field: "", problem: `cannot be read (${error.reason._tag})` })
    )
  )

const notEmpty = <A>(examples: ReadonlyArray<A>, file: string) =>
  examples.length > 0
    ? Effect.succeed(examples)
    : Effect.fail(new DatasetError({ file, line: 0, field: "", problem: "the data set has no rows" }))

const rowDecoder = <A>(schema: Schema.Codec<A, unknown>) => {
  const decode = Schema.decodeUnknownResult(Schema.toCodecJson(schema))
  return (row: unknown, file: string, line: number): Effect.Effect<A, DatasetError> =>
    Result.match(decode(row), {
      onSuccess: (value) => Effect.succeed(value),
      onFailure: (error) =>
        Effect.fail(new DatasetError({ file, line, field: fieldOf(error.issue), problem: String(error) }))
    })
}

/** The path of the first problem inside an issue. */
const fieldOf = (issue: SchemaIssue.Issue): string => {
  const path: Array<string> = []
  let at: SchemaIssue.Issue | undefined = issue
  while (at !== undefined) {
    if (at._tag === "Pointer") path.push(...at.path.map(String))
    at = "issues" in at ? at.issues[0] : "issue" in at ? at.issue : undefined
  }
  return path.join(".")
}

/** The same examples in another order; the same seed always gives the same order. */
export const shuffle = <A>(examples: ReadonlyArray<A>, seed: number): Effect.Effect<ReadonlyArray<A>> =>
  Random.withSeed(Random.shuffle(examples), `shuffle/${seed}`)

/** `n` of the examples, drawn without replacement. */
export const sample = <A>(examples: ReadonlyArray<A>, n: number, seed: number): Effect.Effect<ReadonlyArray<A>> =>
  Effect.map(shuffle(examples, seed), (all) => all.slice(0, n))

export interface Split<A> {
  readonly train: ReadonlyArray<A>
  readonly validation: ReadonlyArray<A>
  readonly test: ReadonlyArray<A>
}

/** Cuts a shuffled set into three by shares, for example `{ train: 0.5, validation: 0.25 }`; the rest is for the test. */
export const split = <A>(
  examples: ReadonlyArray<A>,
  shares: { readonly train: number; readonly validation: number },
  seed: number
): Effect.Effect<Split<A>> =>
  Effect.map(shuffle(examples, seed), (all) => {
    const first = Math.round(shares.train * all.length)
    const second = first + Math.round(shares.validation * all.length)
    return { train: all.slice(0, first), validation: all.slice(first, second), test: all.slice(second) }
  })
