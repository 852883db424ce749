/**
 * `npm run bench:optimizers [-- problem …]`: all optimizers with the selectors that suit them, on the deterministic
 * student. Tables go to standard output, figures to `.cache/bench-optimizers.json`.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Compared, compare } from "./compare.ts"
import { problems } from "./Problem.ts"
import { table } from "./table.ts"

const output = new URL("../../../../.cache/", import.meta.url)
const seeds = 20

const program = Effect.gen(function* () {
  const names = problems.map(({ name }) => name)
  const asked = process.argv.slice(2)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    console.error(`there is no problem "${unknown}"; there are: ${names.join(", ")}`)
    process.exitCode = 2
    return
  }
  const started = performance.now()
  const compared: ReadonlyArray<Compared> = yield* compare({ problems: asked.length === 0 ? names : asked, seeds })
  for (const problem of problems) {
    const of = compared.filter((one) => one.problem === problem)
    if (of.length > 0) console.log(`\n${table(problem, of)}`)
  }
  console.log(`\n${seeds} seeds, ${((performance.now() - started) / 1000).toFixed(0)} s`)
  mkdirSync(output, { recursive: true })
  const at = DateTime.formatIso(yield* DateTime.now)
  const results = compared.map(({ problem, strategy, summary }) => ({
    problem: problem.name,
    calls: problem.calls,
    optimizer: strategy.optimizer,
    selector: strategy.selector,
    ...summary
  }))
  writeFileSync(new URL("bench-optimizers.json", output), JSON.stringify({ at, seeds, results }, undefined, 2))
})

await Effect.runPromise(program)
