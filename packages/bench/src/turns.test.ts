import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { difference, ratio, turns } from "./turns.ts"

describe("things that take turns", () => {
  it.effect("each come first as often, and warm-up rounds are not counted", () => {
    const order: Array<string> = []
    const thing = (name: string, value: number) =>
      Effect.sync(() => {
        order.push(name)
        return value + order.length
      })
    return Effect.gen(function* () {
      const measured = yield* turns([thing("a", 100), thing("b", 200)], { warmUp: 1, rounds: 2 })
      assert.strictEqual(order.join(""), "abbaab")
      assert.deepStrictEqual(measured, [
        [104, 105],
        [203, 206]
      ])
    })
  })

  it("are compared round by round, and at their best", () => {
    assert.deepStrictEqual(difference([3, 13, 4], [1, 10, 1]), { measured: 3, min: 2 })
    assert.deepStrictEqual(ratio([3, 20, 4], [1, 10, 2]), { measured: 2, min: 3 })
  })
})
