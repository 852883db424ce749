/**
 * All checks of the repository: `npm run check`, or some by name: `npm run check -- boundaries docs`. One line a step as
 * it ends; what was found, at the end.
 */

import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Outcome, type Step, show } from "./Step.ts"
import { steps } from "./steps.ts"

const root = join(import.meta.dirname, "..")
const atOnce = 2

interface Result extends Outcome {
  readonly step: Step
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(7)

const run = async (step: Step): Promise<Result> => {
  const start = performance.now()
  const outcome = await step.run(root).catch(
    (error: unknown): Outcome => ({
      findings: [{ file: "scripts", message: error instanceof Error ? (error.stack ?? error.message) : String(error) }]
    })
  )
  const count = outcome.findings.length
  const said = [count === 0 ? undefined : `${count} found`, outcome.note]
    .filter((part) => part !== undefined)
    .join(", ")
  console.log(`${count === 0 ? "ok  " : "FAIL"} ${step.name.padEnd(11)}${seconds(start)}  ${said}`)
  return { ...outcome, step }
}

/** Takes the steps in their order, two at a time, each after the one whose output it reads. */
const runAll = async (chosen: ReadonlyArray<Step>): Promise<ReadonlyArray<Result>> => {
  const started = new Map<string, Promise<Result>>()
  const active = new Set<Promise<unknown>>()
  for (const step of chosen) {
    while (active.size >= atOnce) await Promise.race(active)
    const before = step.after === undefined ? undefined : started.get(step.after)
    const running = (before ?? Promise.resolve()).then(() => run(step))
    started.set(step.name, running)
    const tracked: Promise<unknown> = running.finally(() => active.delete(tracked))
    active.add(tracked)
  }
  return Promise.all(started.values())
}

const choose = (names: ReadonlyArray<string>): ReadonlyArray<Step> => {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    console.error(`No step ${unknown.join(", ")}. The steps:`)
    for (const step of steps) console.error(`  ${step.name.padEnd(11)} ${step.about}`)
    process.exit(2)
  }
  return steps.filter((step) => (names.length === 0 ? step.always : names.includes(step.name)))
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } })
const start = performance.now()
const results = await runAll(choose(positionals))
const failed = results.filter((result) => result.findings.length > 0)
for (const { report } of results) if (report !== undefined) console.log(`\n${report}`)
for (const { step, findings } of failed) {
  console.log(`\n${step.name}: ${step.about}`)
  for (const finding of findings) console.log(`  ${show(finding).replaceAll("\n", "\n    ")}`)
}
const passed = results.length - failed.length
console.log(`\ncheck: ${passed} passed, ${failed.length} failed in ${seconds(start).trim()}`)
if (values.json !== undefined) {
  // In the words of vitest's report, so that .ci/run counts both alike.
  writeFileSync(values.json, JSON.stringify({ numPassedTests: passed, numFailedTests: failed.length }))
}
process.exitCode = failed.length === 0 ? 0 : 1
