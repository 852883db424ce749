import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Order from "./Order.ts"

const ids = (n: number) => Array.from({ length: n }, (_, i) => `row-${i}`)

describe("the sound order of choices", () => {
  it.effect("shows the right answer about as often at each place, and each order about as often", () =>
    Effect.gen(function* () {
      const orders = yield* Order.sound(7)(ids(6000))
      for (const place of [0, 1, 2, 3]) {
        const share = orders.filter((order) => order.indexOf(0) === place).length / orders.length
        assert.closeTo(share, 0.25, 0.02)
      }
      const counts = new Map<string, number>()
      for (const order of orders) counts.set(order.join(""), (counts.get(order.join("")) ?? 0) + 1)
      assert.strictEqual(counts.size, 24)
      // 250 expected of each: 70 is four and a half standard deviations
      for (const count of counts.values()) assert.closeTo(count, 250, 70)
    })
  )

  it.effect("is the row's own: the same with other rows around it, another for another seed", () =>
    Effect.gen(function* () {
      const orders = yield* Order.sound(7)(ids(50))
      assert.deepStrictEqual(yield* Order.sound(7)(ids(50).reverse()), [...orders].reverse())
      assert.deepStrictEqual(yield* Order.sound(7)(ids(5)), orders.slice(0, 5))
      assert.notDeepEqual(yield* Order.sound(8)(ids(50)), orders)
    })
  )
})

describe("TextGrad's order of choices", () => {
  it.effect("is the same for all rows, and leaves the right answer always at C", () =>
    Effect.gen(function* () {
      const orders = yield* Order.textgrad(ids(3))
      assert.deepStrictEqual(orders, [
        [3, 2, 0, 1],
        [3, 2, 0, 1],
        [3, 2, 0, 1]
      ])
    })
  )
})
