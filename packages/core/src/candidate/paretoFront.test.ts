import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { paretoFront } from "./paretoFront.ts"

const places = (scores: ReadonlyArray<ReadonlyArray<number | null>>) => paretoFront(scores).map(({ place }) => place)

describe("the front", () => {
  it("holds whoever is best at something, with how much", () => {
    assert.deepStrictEqual(
      paretoFront([
        [1, 0, 0],
        [0, 1, 1],
        [0.9, 0.9, 0.9]
      ]),
      [
        { place: 0, leads: 1 },
        { place: 1, leads: 2 }
      ]
    )
  })

  it("leaves out who is best only where others of it are too; of equals the first stays", () => {
    assert.deepStrictEqual(
      places([
        [1, 0],
        [1, 0.5],
        [1, 0.5]
      ]),
      [1]
    )
  })

  it("of failed examples has no leader", () => {
    assert.deepStrictEqual(
      places([
        [null, 0],
        [null, null]
      ]),
      [0]
    )
    assert.deepStrictEqual(places([[null], [null]]), [])
    assert.deepStrictEqual(places([]), [])
  })

  const Row = Schema.Tuple([0, 1, 2, 3, 4].map(() => Schema.NullOr(Schema.Literals([0, 0.25, 0.5, 1]))))

  it.prop("covers every key that any candidate leads, and no member is dispensable", [Schema.Array(Row)], ([rows]) => {
    const members = places(rows)
    const best = (key: number, among: ReadonlyArray<number>) =>
      Math.max(...among.map((place) => rows[place]![key] ?? Number.NEGATIVE_INFINITY))
    const all = rows.map((_, place) => place)
    for (let key = 0; key < 5; key++) assert.strictEqual(best(key, members), best(key, all))
    for (const member of members) {
      const others = members.filter((place) => place !== member)
      assert.isTrue([0, 1, 2, 3, 4].some((key) => best(key, others) < best(key, members)))
    }
  })
})
