/**
 * Examples from files, decoded by a schema; a bad row names its file, line and field. And the usual ways to cut a set.
 */
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as FileSystem from "effect/FileSystem"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
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

/** One JSON object a line, in UTF-8; blank lines are skipped. */
export const jsonl = Effect.fnUntraced(function* <A>(
  file: string,
  schema: Schema.Codec<A, unknown>
): Effect.fn.Return<ReadonlyArray<A>, DatasetError, FileSystem.FileSystem> {
  const text = yield* read(file)
  const decode = rowDecoder([Schema.toCodecJson(schema)])
  const rows = text.split(/\r?\n/)
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

/** One JSON document in UTF-8. `field` of an error is a path from its top, such as `examples.3.answer`; its `line` is 0. */
export const json = Effect.fnUntraced(function* <A>(
  file: string,
  schema: Schema.Codec<A, unknown>
): Effect.fn.Return<A, DatasetError, FileSystem.FileSystem> {
  const text = yield* read(file)
  const value = Result.try({ try: () => JSON.parse(text) as unknown, catch: String })
  if (Result.isFailure(value)) {
    return yield* new DatasetError({ file, line: 0, field: "", problem: `not JSON: ${value.failure}` })
  }
  return yield* rowDecoder([Schema.toCodecJson(schema)])(value.success, file, 0)
})

/** How a file of comma-separated values is written. */
export interface CsvOptions {
  /** The names of the columns of a file that does not name them itself. */
  readonly columns?: ReadonlyArray<string>
}

/**
 * Comma-separated values in UTF-8, whose first record names the columns; blank lines are skipped. Cells are text, and are
 * read as numbers, booleans and so on where the schema wants those. `line` of an error is where its record begins.
 */
export const csv = Effect.fnUntraced(function* <A>(
  file: string,
  schema: Schema.Codec<A, unknown>,
  { columns }: CsvOptions = {}
): Effect.fn.Return<ReadonlyArray<A>, DatasetError, FileSystem.FileSystem> {
  // a file that does not name its columns is read as if they stood on a line before it
  const before = columns === undefined ? 0 : 1
  const text = `${columns?.join(",").concat("\n") ?? ""}${yield* read(file)}`
  // text that the schema takes as it is stays as it is: "007" is no number unless one is asked for
  const decode = rowDecoder([Schema.toCodecJson(schema), Schema.toCodecStringTree(schema)])
  const records = yield* Stream.make(text).pipe(
    Stream.pipeThroughChannel(
      // the whole text is in memory: a limit would only hide what is wrong with a quote that is never closed
      Csv.decodeString({ headers: true, ignoreEmptyLines: true, maxRecordSize: Number.POSITIVE_INFINITY })
    ),
    Stream.runCollect,
    Effect.mapError((error) => new DatasetError({ file, line: error.line - before, field: "", problem: error.message }))
  )
  const [, ...lines] = recordLines(text)
  const examples = yield* Effect.forEach(records, (record, i) => decode(record, file, (lines[i] ?? before) - before))
  return yield* notEmpty(examples, file)
})

/** The line on which each record of a well-formed text begins: a quote that is still open joins the next line to it. */
const recordLines = (text: string): ReadonlyArray<number> => {
  const begins: Array<number> = []
  let open = false
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (!open && line !== "") begins.push(i + 1)
    if (line.split(`"`).length % 2 === 0) open = !open
  }
  return begins
}

const read = Effect.fnUntraced(function* (file: string) {
  const { readFile } = yield* FileSystem.FileSystem
  const bytes = yield* Effect.mapError(
    readFile(file),
    (error) => new DatasetError({ file, line: 0, field: "", problem: `cannot be read (${error.reason._tag})` })
  )
  const text = utf8(bytes)
  if (Result.isSuccess(text)) return text.success
  return yield* new DatasetError({ file, line: lineOfBadBytes(bytes), field: "", problem: "not UTF-8" })
})

/** Without its byte order mark. Bytes that are no UTF-8 are a failure: replaced by question marks they would be learnt. */
const utf8 = (bytes: Uint8Array): Result.Result<string, unknown> =>
  Result.try(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes))

const lineOfBadBytes = (bytes: Uint8Array): number => {
  for (let line = 1, start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start)
    if (end < 0 || Result.isFailure(utf8(bytes.subarray(start, end)))) return line
    start = end + 1
  }
}

const notEmpty = <A>(examples: ReadonlyArray<A>, file: string) =>
  examples.length > 0
    ? Effect.succeed(examples)
    : Effect.fail(new DatasetError({ file, line: 0, field: "", problem: "the data set has no rows" }))

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/** By the first codec that takes the row; what is wrong with it is said in the words of the last. */
const rowDecoder = <A>(codecs: ReadonlyArray<Schema.Codec<A, unknown>>) => {
  const decoders = codecs.map((codec) => Schema.decodeUnknownResult(codec))
  return (row: unknown, file: string, line: number): Effect.Effect<A, DatasetError> => {
    const results = decoders.map((decode) => decode(row))
    return Result.match(results.find(Result.isSuccess) ?? results.at(-1)!, {
      onSuccess: (value) => Effect.succeed(value),
      onFailure: ({ issue }) => {
        const first = issuesOf(issue).issues[0]!
        const field = (first.path ?? []).map(String).join(".")
        return Effect.fail(new DatasetError({ file, line, field, problem: first.message }))
      }
    })
  }
}

/** The same examples in another order; the same seed always gives the same order. */
export const shuffle = <A>(examples: ReadonlyArray<A>, seed: number): Effect.Effect<ReadonlyArray<A>> =>
  Random.withSeed(Random.shuffle(examples), `shuffle/${seed}`)

/** `n` of the examples, drawn without replacement. */
export const sample = <A>(examples: ReadonlyArray<A>, n: number, seed: number): Effect.Effect<ReadonlyArray<A>> =>
  Effect.map(shuffle(examples, seed), (all) => all.slice(0, Math.max(0, n)))

/** A data set cut in three: to learn from, to judge candidates by, and to report on at the very end. */
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
