/** F1: every kind of fault, with many seeds. */
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import { faults } from "./faults.ts"
import { measured } from "./scripted.ts"

const seeds = 25

export const eachFault: Row = {
  id: "F1",
  title: "each fault of a provider has its end, its requests, its pauses and its place in the account",
  wanted: `${faults.length * seeds}/${faults.length * seeds}`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const cases = faults.flatMap((kind) => Array.from({ length: seeds }, (_, seed) => ({ kind, seed })))
    const details = yield* Effect.forEach(cases, ({ kind, seed }) =>
      Effect.map(
        measured((attempt) => (attempt < kind.times ? kind : undefined), `${kind.name} ${seed}`),
        (wrong) => wrong.map((what) => `${kind.name}, seed ${seed}: ${what}`)
      )
    )
    const right = details.filter((wrong) => wrong.length === 0).length
    return { figure: `${right}/${cases.length}`, held: right === 450, details: details.flat() }
  })
}
