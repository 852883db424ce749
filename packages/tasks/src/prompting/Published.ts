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

/** In the order of the file, as TextGrad cuts it: the first to train, the next to validate, the last to test. */
export const inFileOrder = <A>(
  rows: ReadonlyArray<A>,
  sizes: Sizes,
  file: string
): Effect.Effect<Dataset.Split<A>, Dataset.DatasetError> => {
  const asked = sizes.train + sizes.validation + sizes.test
  return rows.length < asked
    ? tooFew(file, `${rows.length}, and ${asked} are asked for`)
    : Effect.succeed({ ...inTurn(rows, sizes), test: rows.slice(rows.length - sizes.test) })
}

/** How a set is cut: the sizes asked for, and how its rows are ordered before. */
export interface Cut {
  readonly sizes: Sizes
  readonly seed: number
  /** `sound` (the default): shuffled by the seed. `textgrad`: as the file has them. */
  readonly order?: "sound" | "textgrad" | undefined
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
    return order === "sound" ? yield* seeded(rows, { sizes, seed, file: data }) : yield* inFileOrder(rows, sizes, data)
  }
  const known = new Set<string>()
  const part = Effect.fnUntraced(function* (name: "test" | "train" | "validation") {
    if (sizes[name] === 0) return []
    const rows = fresh(yield* Source.read(data, { split: name }, reader), known)
    if (rows.length < sizes[name]) {
      return yield* tooFew(data, `${rows.length} for ${name}, and ${sizes[name]} are asked for`)
    }
    return (order === "sound" ? yield* Dataset.shuffle(rows, seed) : rows).slice(0, sizes[name])
  })
  // the test set keeps all of its rows, whatever the others have
  const test = yield* part("test")
  const all: Dataset.Split<A> = { test, validation: yield* part("validation"), train: yield* part("train") }
  return all
})
