/** F3: two faults, one after the other, in every order. */
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import { faults } from "./faults.ts"
import { measured } from "./scripted.ts"

const pairs = faults.flatMap((first) => faults.map((second) => [first, second] as const))

export const stackedFaults: Row = {
  id: "F3",
  title: "two faults stacked, all ordered pairs, come to what each of them and their order mean",
  wanted: "324/324",
  speed: "fast",
  measure: Effect.gen(function* () {
    const details = yield* Effect.forEach(pairs, (pair) => {
      const name = `${pair[0].name}, then ${pair[1].name}`
      return Effect.map(
        measured((attempt) => pair[attempt], name),
        (wrong) => wrong.map((what) => `${name}: ${what}`)
      )
    })
    const right = details.filter((wrong) => wrong.length === 0).length
    return { figure: `${right}/${pairs.length}`, held: right === 324, details: details.flat() }
  })
}
