/**
 * What a study found, reading by reading: the mean score with its 95 % interval, the model calls it took, and the gain
 * over the first reading on the same examples. More calls are an advantage of their own: figures of readings are a fair
 * comparison of methods where their calls are equal, and `equalBudget` holds those side by side.
 */
import { Interval, Paired } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Attempt, Graded } from "./Attempt.ts"

/** A mean with its 95 % interval. */
const Mean = Schema.Struct({ mean: Schema.Finite, low: Schema.Finite, high: Schema.Finite })

/** One reading of one method over all examples. */
export const Line = Schema.Struct({
  method: Schema.String,
  reading: Schema.String,
  /** Examples that were answered. */
  n: Schema.Int,
  /** Examples that failed, and are in no mean. */
  errors: Schema.Int,
  /** Model calls an example, on average. */
  calls: Schema.Finite,
  score: Mean,
  /** Over the first reading of the first method; not there for that one itself. */
  gain: Schema.optionalKey(Paired.Comparison)
})
export type Line = typeof Line.Type

/** A method as a whole. `best`: the share of examples on which any of its readings is right; of scores, the mean of the highest. */
export const MethodLine = Schema.Struct({
  method: Schema.String,
  n: Schema.Int,
  errors: Schema.Int,
  best: Schema.optionalKey(Mean)
})

const Named = Schema.Struct({ method: Schema.String, reading: Schema.String, calls: Schema.Finite })

/**
 * The last reading of the first method beside a reading of another: the one nearest to it of those that took no fewer calls,
 * so that calls are no advantage of the first; the one with most calls where all took fewer.
 */
export const EqualBudget = Schema.Struct({ of: Named, over: Named, gain: Paired.Comparison })

/** Plain data, the last line of a results file. */
export const StudyReport = Schema.TaggedStruct("StudyReport", {
  study: Schema.String,
  /** In the order of the methods and of their readings. A method that answered nothing has none. */
  readings: Schema.Array(Line),
  methods: Schema.Array(MethodLine),
  equalBudget: Schema.Array(EqualBudget)
})
export type StudyReport = typeof StudyReport.Type

/** The grades of one reading by example; `undefined` where the method failed. */
interface Column {
  readonly method: string
  readonly reading: string
  readonly grades: ReadonlyArray<Graded | undefined>
}

const mean = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

const gradesOf = ({ grades }: Column) => grades.filter((grade) => grade !== undefined)

const callsOf = (column: Column): number => mean(gradesOf(column).map(({ calls }) => calls))

const scoresOf = ({ grades }: Column) => grades.map((grade) => grade?.score ?? null)

/** Of at least one score. */
const interval = (scores: ReadonlyArray<number>) =>
  Effect.map(Interval.of(scores), (found) => {
    const { high, low, mean } = found!
    return { mean, low, high }
  })

const line = Effect.fnUntraced(function* (column: Column, first: Column) {
  const { grades, method, reading } = column
  const answered = gradesOf(column)
  const gain = column === first ? undefined : yield* Paired.compare(scoresOf(first), scoresOf(column))
  return {
    method,
    reading,
    n: answered.length,
    errors: grades.length - answered.length,
    calls: callsOf(column),
    score: yield* interval(answered.map(({ score }) => score)),
    ...(gain === undefined ? {} : { gain })
  } satisfies Line
})

/** The columns of one method: a reading each. */
const columnsOf = (method: string, attempts: ReadonlyArray<Attempt>): ReadonlyArray<Column> => {
  const names = attempts.flatMap((attempt) => (attempt._tag === "Answered" ? [attempt.readings] : []))[0] ?? []
  return names.map(({ name: reading }) => ({
    method,
    reading,
    grades: attempts.map((attempt) =>
      attempt._tag === "Answered" ? attempt.readings.find(({ name }) => name === reading) : undefined
    )
  }))
}

const methodLine = Effect.fnUntraced(function* (method: string, attempts: ReadonlyArray<Attempt>) {
  const highest = attempts.flatMap((attempt) =>
    attempt._tag === "Answered" ? [Math.max(...attempt.readings.map(({ score }) => score))] : []
  )
  const n = highest.length
  return {
    method,
    n,
    errors: attempts.length - n,
    ...(n === 0 ? {} : { best: yield* interval(highest) })
  } satisfies typeof MethodLine.Type
})

/** The column nearest in calls of those with no fewer, else of all; the earlier of two that are equally near. */
const nearest = (columns: ReadonlyArray<Column>, calls: number): Column => {
  const enough = columns.filter((column) => callsOf(column) >= calls)
  return (enough.length === 0 ? columns : enough).reduce((best, one) =>
    Math.abs(callsOf(one) - calls) < Math.abs(callsOf(best) - calls) ? one : best
  )
}

const equalBudget = Effect.fnUntraced(function* (last: Column, others: ReadonlyArray<ReadonlyArray<Column>>) {
  const named = (column: Column) => ({ method: column.method, reading: column.reading, calls: callsOf(column) })
  const lines: Array<typeof EqualBudget.Type> = []
  for (const columns of others) {
    const other = nearest(columns, callsOf(last))
    const gain = yield* Paired.compare(scoresOf(other), scoresOf(last))
    if (gain !== undefined) lines.push({ of: named(last), over: named(other), gain })
  }
  return lines
})

/** The report of some attempts, each method on the same examples: those of a run, or read back from a results file. */
export const make = Effect.fnUntraced(function* (
  study: string,
  attempts: ReadonlyArray<Attempt>
): Effect.fn.Return<StudyReport> {
  const methods = [...new Set(attempts.map(({ method }) => method))].map((method) => ({
    method,
    attempts: attempts.filter((attempt) => attempt.method === method).sort((a, b) => a.index - b.index)
  }))
  const tables = methods
    .map(({ attempts, method }) => columnsOf(method, attempts))
    .filter((columns) => columns.length > 0)
  const columns = tables.flat()
  const last = tables[0]?.at(-1)
  return {
    _tag: "StudyReport",
    study,
    readings: yield* Effect.forEach(columns, (column) => line(column, columns[0]!)),
    methods: yield* Effect.forEach(methods, ({ attempts, method }) => methodLine(method, attempts)),
    equalBudget: last === undefined ? [] : yield* equalBudget(last, tables.slice(1))
  }
})
