import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { words } from "../../fixture/textgradLog.ts"
import * as Shortened from "./Shortened.ts"

const texts = (least: number, most: number) =>
  // few letters: ends that stand in a text more than once are what is hard
  Schema.Array(Schema.Literals(["a", "b", "c\nd", ""])).check(Schema.isMinLength(least), Schema.isMaxLength(most))

describe("a value as TextGrad shows it", () => {
  it.prop("is whole up to twenty words, and else its first and last ten", [texts(0, 60)], ([words]) => {
    const shown = Shortened.of(words.join(" "))
    assert.strictEqual(Shortened.isCut(shown), words.length > 20)
    assert.deepStrictEqual(
      shown,
      words.length <= 20 ? words.join(" ") : [...words.slice(0, 10), "(...)", ...words.slice(-10)].join(" ")
    )
  })

  it.prop(
    "is found as it was where it stands in a text, or not at all",
    [texts(21, 40), texts(0, 15), texts(0, 15)],
    ([words, before, after]) => {
      const value = words.join(" ")
      const text = [before, words, after].map((part) => part.join(" ")).join(" ")
      assert.include([value, undefined], Shortened.find(Shortened.of(value), text))
    }
  )

  it("is found among its neighbours, and its short form is not taken for it", () => {
    const value = words(30, "w")
    const shown = Shortened.of(value)
    assert.strictEqual(Shortened.find(shown, `System:${value}\nQuery: what?`), value)
    assert.strictEqual(Shortened.find(shown, `${value} and ${shown}`), undefined)
    assert.isUndefined(Shortened.find(shown, `It is ${shown}.`))
    assert.isUndefined(Shortened.find(shown, "nothing of it"))
  })

  it("is not guessed at where two could be meant", () => {
    const [head, tail] = [words(10, "h"), words(10, "t")]
    const text = `${head} one ${tail}\n${head} other ${tail}`
    assert.isUndefined(Shortened.find(`${head} (...) ${tail}`, text))
  })
})
