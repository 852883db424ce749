import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { iron, solution } from "../../fixture/iron.ts"
import { told } from "../../fixture/told.ts"
import { reflexion } from "./reflexion.ts"

describe("reflexion", () => {
  it.effect("answers anew with all that it noted, and stops when it is satisfied", () =>
    Effect.gen(function* () {
      const readings = yield* reflexion({ retries: 3 }).run(iron)
      assert.deepStrictEqual(
        readings.map(({ answer, calls }) => [answer, calls]),
        [
          ["A", 1],
          ["C", 3],
          ["B", 5],
          ["B", 6]
        ]
      )
      const requests = yield* (yield* ScriptedModel).requests
      const retries = requests.filter(({ purpose }) => purpose === "forward").map(told)
      assert.notInclude(retries[1], "Not neon.")
      for (const note of ["Not sulphur.", "Not neon."]) assert.include(retries[2], note)
      const looks = requests.filter(({ purpose }) => purpose === "judge").map(told)
      assert.include(looks[1], "Not sulphur.")
      for (const look of looks) assert.include(look, iron.text)
    }).pipe(
      Effect.provide(
        ScriptedModel.layer([
          solution("A"),
          { reflection: "Not sulphur.", satisfied: false },
          solution("C"),
          { reflection: "Not neon.", satisfied: false },
          solution("B"),
          { reflection: "It conducts.", satisfied: true }
        ])
      )
    )
  )
})
