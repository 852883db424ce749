import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { benches } from "./benches.ts"
import { Step } from "./step/Step.ts"

describe("each bench runs at a tiny size and gives figures that are numbers", () => {
  for (const { name, run } of benches) {
    it.live(
      name,
      () =>
        Effect.gen(function* () {
          const figures = yield* run("tiny")
          assert.isAbove(figures.length, 0)
          for (const { measured, name } of figures) assert.isTrue(Number.isFinite(measured), name)
        }),
      60_000
    )
  }
})

it.live("a step asks once an example for an answer, a judgement and a criticism, and once for the new value", () =>
  Effect.gen(function* () {
    const figures = yield* Step.run("tiny")
    assert.strictEqual(figures.find(({ name }) => name.trim() === "calls")?.measured, 7)
  })
)
