/**
 * `npm run bench [-- name …]`: runs the benches, prints their figures, and keeps them in `.cache/bench.json`.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { availableParallelism, loadavg } from "node:os"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { benches } from "./benches.ts"
import type { Figure } from "./Figure.ts"
import * as Fresh from "./process/Fresh.ts"
import { table } from "./table.ts"

const output = new URL("../../../.cache/", import.meta.url)

const machine = () => ({ node: process.version, cores: availableParallelism(), load: loadavg()[0] })

const said = ({ cores, load, node }: ReturnType<typeof machine>) =>
  `Node ${node}, ${cores} cores, load ${load?.toFixed(1)} (at most ${cores} is a machine that does little else)`

/** Each bench in a process of its own, so that none is measured in the heap that another has left. */
const run = Effect.fnUntraced(function* (name: string) {
  console.error(`${name} ...`)
  const before = machine()
  const script = new URL("./one.ts", import.meta.url)
  const figures = yield* Fresh.result<ReadonlyArray<Figure>>({ script, arguments: [name, "full"] })
  console.log(`\n${name}: ${said(before)}\n\n${table(figures)}`)
  return { bench: name, before, after: machine(), figures }
})

const program = Effect.gen(function* () {
  const asked = process.argv.slice(2)
  const names = benches.map(({ name }) => name)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    console.error(`there is no bench "${unknown}"; there are: ${names.join(", ")}`)
    process.exitCode = 2
    return
  }
  const results = yield* Effect.forEach(asked.length === 0 ? names : asked, run)
  const at = DateTime.formatIso(yield* DateTime.now)
  mkdirSync(output, { recursive: true })
  writeFileSync(new URL("bench.json", output), JSON.stringify({ at, results }, undefined, 2))
})

await Effect.runPromise(program)
