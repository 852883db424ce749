import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { bm25, lexical } from "./Search.ts"

const library = [
  { title: "Varnholt", sentences: ["Varnholt is a town in the province of Kesland.", "It lies on a river."] },
  { title: "Ilse Brenmond", sentences: ["Ilse Brenmond was born in Varnholt in the year 1850."] },
  { title: "The town", sentences: ["The town is a book about a town, the town of towns in the year of the town."] }
]

const titles = (query: string, keep = 3) =>
  Effect.map(lexical(keep)(query, library), (found) => found.map(({ title }) => title))

describe("the search", () => {
  it.effect("puts the paragraph first that a rare word is about, however often others have the common ones", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* titles("the town of Varnholt"))[0], "Varnholt")
      assert.strictEqual((yield* titles("the year in which Ilse Brenmond was born"))[0], "Ilse Brenmond")
    })
  )

  it.effect("finds no more than it may keep, and nothing where no word fits", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* titles("Varnholt", 1), ["Varnholt"])
      assert.deepStrictEqual(yield* titles("Varnholt"), ["Varnholt", "Ilse Brenmond"])
      for (const nothing of ["", "?!", "zebra"]) assert.deepStrictEqual(yield* titles(nothing), [])
      assert.deepStrictEqual(yield* lexical(2)("town", []), [])
    })
  )

  it.effect("reads any script, and overlooks capitals and punctuation", () =>
    Effect.gen(function* () {
      const found = yield* lexical(1)("ΑΘΉΝΑ?", [...library, { title: "Αθήνα", sentences: ["Πόλη."] }])
      assert.deepStrictEqual(found[0]?.title, "Αθήνα")
    })
  )

  const texts = Schema.Array(Schema.String.check(Schema.isMaxLength(60)))
  it.prop(
    "scores nothing below 0, and 0 exactly where no word is shared",
    [Schema.String, texts],
    ([query, documents]) => {
      const words = (text: string): ReadonlyArray<string> => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
      for (const [i, score] of bm25(query, documents).entries()) {
        const shares = words(documents[i]!).some((word) => words(query).includes(word))
        assert.strictEqual(score > 0, shares)
        assert.isAtLeast(score, 0)
      }
    },
    { arbitrary: { runs: 200 } }
  )
})
