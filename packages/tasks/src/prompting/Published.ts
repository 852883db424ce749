/** A published data set cut in three: the files of its splits where it comes in a folder, else one file, cut by us. */
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import type { Reader } from "../format/Reader.ts"
import type { Sizes } from "../shuffle/Sizes.ts"
import * as Source from "../source/Source.ts"

interface Row {
  readonly question: string
}

const tooFew = (file: string, problem: string) =>
  Effect.fail(new Dataset.DatasetError({ file, line: 0, field: "", problem: `too few rows: ${problem}` }))

/** Rows whose question was not there before: a set must not hold what another was trained on. */
const fresh = <A extends Row>(rows: ReadonlyArray<A>, known: Set<string>): ReadonlyArray<A> =>
  rows.filter(({ question }) => {
    const isNew = !known.has(question)
    known.add(question)
    return isNew
  })

/** The first to train, the next to validate, those after them to test. */
export const inTurn = <A>(rows: ReadonlyArray<A>, { test, train, validation }: Sizes): Dataset.Split<A> => ({
  train: rows.slice(0, train),
  validation: rows.slice(train, train + validation),
  test: rows.slice(train + validation, train + validation + test)
})

/** Shuffled by a seed; the sets share no question. Fails where there are not so many. */
export const seeded = Effect.fnUntraced(function* <A extends Row>(
  rows: ReadonlyArray<A>,
  { sizes, seed, file }: { readonly sizes: Sizes; readonly seed: number; readonly file: string }
): Effect.fn.Return<Dataset.Split<A>, Dataset.DatasetError> {
  const all = yield* Dataset.shuffle(fresh(rows, new Set()), seed)
  const { test, train, validation } = sizes
  return all.length < train + validation + test
    ? yield* tooFew(file, `${all.length} different ones, and ${train} + ${validation} + ${test} are asked for`)
    : inTurn(all, sizes)
})

type Name = keyof Dataset.Split<unknown>

/** The first of a set, so many as are asked for. Fails where there are not so many. */
const first = <A>(
  rows: ReadonlyArray<A>,
  name: Name,
  { sizes, file }: { readonly sizes: Sizes; readonly file: string }
): Effect.Effect<ReadonlyArray<A>, Dataset.DatasetError> =>
  rows.length < sizes[name]
    ? tooFew(file, `${rows.length} for ${name}, and ${sizes[name]} are asked for`)
    : Effect.succeed(rows.slice(0, sizes[name]))

/**
 * In the order of the file, cut where TextGrad cuts it, whatever sizes are asked for: a row that it trains on never
 * validates or tests here.
 */
const inFileOrder = <A>(
  rows: ReadonlyArray<A>,
  { file, sizes, textgrad = sizes }: Cut & { readonly file: string }
): Effect.Effect<Dataset.Split<A>, Dataset.DatasetError> => {
  const theirs = inTurn(rows, { ...textgrad, test: rows.length })
  const part = (name: Name) => first(theirs[name], name, { sizes, file })
  return Effect.all({ train: part("train"), validation: part("validation"), test: part("test") })
}

/** How a set is cut: the sizes asked for, and how its rows are ordered before. */
export interface Cut {
  readonly sizes: Sizes
  readonly seed: number
  /** `sound` (the default): shuffled by the seed. `textgrad`: as the file has them. */
  readonly order?: "sound" | "textgrad" | undefined
  /** The sizes that TextGrad cuts a file at; all that is left is its test set. Default: the sizes asked for. */
  readonly textgrad?: Sizes
}

/** What a folder or a file of a set holds, in sets of the sizes asked for. A set of none is not read. */
export const split = Effect.fnUntraced(function* <A extends Row>(data: string, reader: Reader<A>, cut: Cut) {
  const { order = "sound", seed, sizes } = cut
  const fs = yield* FileSystem
  // what is no path is an address of one file
  const folder = yield* Effect.orElseSucceed(
    Effect.map(fs.stat(data), ({ type }) => type === "Directory"),
    () => false
  )
  if (!folder) {
    const rows = yield* Source.read(data, {}, reader)
    return yield* order === "sound"
      ? seeded(rows, { sizes, seed, file: data })
      : inFileOrder(rows, { ...cut, file: data })
  }
  const known = new Set<string>()
  const part = Effect.fnUntraced(function* (name: Name) {
    if (sizes[name] === 0) return []
    const rows = yield* Source.read(data, { split: name }, reader)
    const ordered = order === "sound" ? yield* Dataset.shuffle(fresh(rows, known), seed) : rows
    return yield* first(ordered, name, { sizes, file: data })
  })
  // the test set keeps all of its rows, whatever the others have
  const test = yield* part("test")
  const all: Dataset.Split<A> = { test, validation: yield* part("validation"), train: yield* part("train") }
  return all
})
