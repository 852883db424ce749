import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Diff from "./Diff.ts"
import { uncoloured } from "./Style.ts"

const marked = { ...uncoloured, added: (text: string) => `[${text}]`, removed: (text: string) => `[${text}]` }

describe("a diff of two prompts", () => {
  it("shows lines that stay, go and come", () =>
    assert.deepStrictEqual(Diff.lines("a\nb\nc", "a\nx y z\nc\nd", { style: uncoloured, width: 80 }), [
      "  a",
      "- b",
      "+ x y z",
      "  c",
      "+ d"
    ]))

  it("marks the words that changed in lines that are akin", () =>
    assert.deepStrictEqual(
      Diff.lines("Answer the question.", "Answer the hard question!", { style: marked, width: 80 }),
      ["- Answer the question[.]", "+ Answer the [hard ]question[!]"]
    ))

  it("marks nothing inside lines that have little in common", () =>
    assert.deepStrictEqual(
      Diff.lines("Name the colour.", "Grass is green, and so is spinach.", { style: marked, width: 80 }),
      ["- Name the colour.", "+ Grass is green, and so is spinach."]
    ))

  it("of equal texts has no marks", () =>
    assert.deepStrictEqual(Diff.lines("a\nb", "a\nb", { style: marked, width: 80 }), ["  a", "  b"]))

  it("breaks long lines between words, under their first word", () =>
    assert.deepStrictEqual(Diff.lines("", "one two three fourteen-letters", { style: uncoloured, width: 10 }), [
      "-",
      "+ one two",
      "  three",
      "  fourteen-letters"
    ]))

  it.prop("holds all of both texts", [Schema.Array(Schema.String), Schema.Array(Schema.String)], ([one, other]) => {
    const clean = (lines: ReadonlyArray<string>) =>
      lines.map((line) => line.replace(/\s+/g, " ").trim()).filter((l) => l !== "")
    const [before, after] = [one, other].map((lines) => clean(lines).join("\n")) as [string, string]
    const shown = Diff.lines(before, after, { style: uncoloured, width: Number.POSITIVE_INFINITY })
    const side = (mark: string) =>
      clean(shown.filter((line) => line[0] === mark || line[0] === " ").map((line) => line.slice(2)))
    assert.deepStrictEqual(side("-"), clean(before.split("\n")))
    assert.deepStrictEqual(side("+"), clean(after.split("\n")))
  })
})
