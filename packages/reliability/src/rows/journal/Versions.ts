/**
 * D7: a journal of each version of the format, as a file beside this, is replayed without a question; a run that asks
 * something else than it did is told where.
 */
import { readFileSync } from "node:fs"
import { Journal, TextModelError } from "@backprose/core"
import { FaultDisk, StudentModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import * as Fixed from "./Fixed.ts"
import * as Optimisation from "./Optimisation.ts"
import * as Resuming from "./Resuming.ts"

/** By version. What the program answered then stands beside the journal. */
const journals = ["version-1"] as const
const file = (name: string) => readFileSync(new URL(`../../../fixture/journal/${name}`, import.meta.url))

const path = "journal"
const isMismatch = Schema.is(TextModelError.JournalMismatch)

const replayed = Effect.fnUntraced(function* (journal: Uint8Array, changed?: number) {
  const asked = { calls: 0 }
  const disk = FaultDisk.make({}, { [path]: journal })
  const result = yield* Fixed.program(changed).pipe(
    Effect.provide(Fixed.models(asked)),
    Effect.provide(Journal.layerFile({ path, fingerprint: Fixed.fingerprint })),
    Effect.provide(disk.layer),
    Effect.result
  )
  return { result, calls: asked.calls }
})

/** The undisturbed run gone on with by one that is not the same: where it is told so, if it is. */
const told = (wanted: Resuming.Undisturbed, options: Optimisation.Options) =>
  Optimisation.run(FaultDisk.make({}, { [Optimisation.path]: wanted.disk.files().get(Optimisation.path)! }), options)

const measure = Effect.gen(function* () {
  const details: Array<string> = []
  let good = 0
  let all = 0
  const check = (name: string, isGood: boolean, found: unknown) => {
    all++
    if (isGood) good++
    else details.push(`${name}: ${JSON.stringify(found)}`)
  }
  for (const name of journals) {
    const journal = file(`${name}.journal`)
    const { calls, result } = yield* replayed(journal)
    const answers = result._tag === "Success" ? result.success : result.failure
    check(`${name} is replayed`, calls === 0 && answers === file(`${name}.json`).toString().trim(), { calls, answers })
    // it takes a moment to be sure of a change: all at once
    const changed = yield* Effect.forEach([1, 2, 3], (step) => replayed(journal, step), { concurrency: 3 })
    for (const [i, { calls, result }] of changed.entries()) {
      const step = i + 1
      const place = result._tag === "Failure" && isMismatch(result.failure) ? result.failure.place : ""
      check(`${name} with another step ${step}`, calls === 0 && place.startsWith(`step ${step} / `), { calls, place })
    }
  }
  const wanted = yield* Resuming.undisturbed
  const again = yield* told(wanted, {})
  check(
    "a whole run",
    again.end === "finished" && again.asked.length === 0 && again.outcome === wanted.outcome,
    again.end
  )
  for (const [name, options] of [
    ["another task", { task: StudentModel.task({ rules: 3, seed: 1, sizes: { train: 3, validation: 2, test: 1 } }) }],
    ["another setting", { fingerprint: { seed: "4" } }]
  ] as const) {
    const { asked, end } = yield* told(wanted, options)
    check(`a run of ${name}`, end === "JournalMismatch" && asked.length === 0, { end, asked: asked.length })
  }
  return { figure: `${good}/${all}`, held: good === all, details }
})

export const versions: Row = {
  id: "D7",
  title: `journals of every version (${journals.length}) replayed; changed code, task and settings`,
  wanted: "all: no question asked, same answers; or JournalMismatch naming the step",
  speed: "fast",
  measure
}
