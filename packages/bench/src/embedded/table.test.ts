import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Trial } from "./Trial.ts"
import { table } from "./table.ts"

const trial = (arm: string, seed: number, scores: ReadonlyArray<number | null>): Trial => ({
  task: "t",
  seed,
  arm,
  calls: 10 + seed,
  seconds: 1,
  scores
})

describe("the table of the embedded model", () => {
  it.effect("pools the seeds of an arm, and compares it with the first prompt on the same examples", () =>
    Effect.gen(function* () {
      const trials = [0, 1].flatMap((seed) => [
        trial("first prompt", seed, [0, 0, 1, 0]),
        trial("better", seed, [1, 1, 1, seed])
      ])
      const rows = (yield* table("t", [...trials, { ...trials[0]!, task: "other" }])).split("\n")
      assert.include(rows[0], "8 test examples over 2 seeds")
      assert.match(rows[4]!, /^\| first prompt \| 0\.25, 0\.25 \| 0\.25 \(0\.\d\d–0\.\d\d\) \| {2}\| 11 \|$/)
      assert.match(rows[5]!, /^\| better \| 0\.75, 1\.00 \| 0\.88 .* \| \+0\.63 \(\+0\.\d\d to \+\d\.\d\d\), p 0\.\d+/)
    })
  )

  it.effect("compares nothing where a seed is missing", () =>
    Effect.gen(function* () {
      const trials = [trial("first prompt", 0, [0, 1]), trial("better", 0, [1, 1]), trial("better", 1, [1, 1])]
      assert.match((yield* table("t", trials)).split("\n")[5]!, /^\| better \| 1\.00, 1\.00 \| .* \| {2}\| 11 \|$/)
    })
  )
})
