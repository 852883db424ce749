/**
 * Measures the promises and prints a table: `npm run test:deep` all of them, `npm run test:deep F1 D3` some, `npm run
 * test:deep fast` those of every test run. With `-- --details` it says what was seen on the way, also where all is well.
 */

import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { isLate, type Measured, type Row, type Skipped } from "./Row.ts"
import { rows } from "./rows.ts"
import { table } from "./table.ts"

const said = process.argv.slice(2)
const asked = said.filter((argument) => !argument.startsWith("-"))
const inDetail = said.includes("--details")
const names = ({ id, speed }: Row): ReadonlyArray<string> => [id, speed]
const unknown = asked.filter((name) => !rows.some((row) => names(row).includes(name)))
const chosen = asked.length === 0 ? rows : rows.filter((row) => names(row).some((name) => asked.includes(name)))

interface Line {
  readonly row: Row
  readonly measured: Measured | Skipped
  readonly seconds: number
}

const holds = (measured: Measured): boolean => measured.held && !isLate(measured)

const say = (line: string) => Effect.sync(() => process.stdout.write(`${line}\n`))

const measure = Effect.fnUntraced(function* (row: Row): Effect.fn.Return<Line> {
  const begun = yield* Clock.currentTimeMillis
  const exit = yield* Effect.exit(Effect.scoped(row.measure))
  const seconds = ((yield* Clock.currentTimeMillis) - begun) / 1000
  const measured = Exit.isSuccess(exit)
    ? exit.value
    : { figure: "failed", held: false, details: [Cause.pretty(exit.cause)] }
  const verdict = "skipped" in measured ? "skipped" : holds(measured) ? "held" : "NOT HELD"
  yield* say(`${row.id.padEnd(4)} ${verdict.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${row.title}`)
  if (!("skipped" in measured) && (!holds(measured) || inDetail))
    yield* Effect.forEach([...(measured.late ?? []), ...(measured.details ?? [])], (detail) => say(`     ${detail}`))
  return { row, measured, seconds }
})

const program = Effect.gen(function* () {
  if (unknown.length > 0) {
    const known = rows.map(({ id }) => id).join(", ")
    yield* say(`no row ${unknown.join(", ")}; there are ${known}; or fast, or deep`)
    return 2
  }
  const lines = yield* Effect.forEach(chosen, measure)
  yield* say("")
  const cells = lines.map(({ row, measured }) =>
    "skipped" in measured
      ? [row.id, row.title, `skipped: ${measured.skipped}`, row.wanted, "-"]
      : [row.id, row.title, measured.figure, row.wanted, holds(measured) ? "yes" : "NO"]
  )
  yield* Effect.forEach(table([["id", "promise", "figure", "wanted", "held"], ...cells]), say)
  const broken = lines.filter(({ measured }) => !("skipped" in measured) && !holds(measured))
  return broken.length === 0 ? 0 : 1
})

process.exitCode = await Effect.runPromise(program)
