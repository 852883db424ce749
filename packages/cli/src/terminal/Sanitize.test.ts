import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Sanitize from "./Sanitize.ts"

const esc = "\u001b"

describe("text that others wrote", () => {
  for (const [what, untrusted, safe] of [
    ["colours and cursor moves (CSI)", `a${esc}[31mb${esc}[2J${esc}[1;1Hc`, "abc"],
    ["the one-byte form of CSI", "a\u009b31mb", "ab"],
    ["the window's title (OSC), ended by BEL", `a${esc}]0;title\u0007b`, "ab"],
    ["a link (OSC 8), ended by ST", `a${esc}]8;;http://example.com${esc}\\b${esc}]8;;${esc}\\c`, "abc"],
    ["the one-byte form of OSC", "a\u009d0;title\u009cb", "ab"],
    ["device control strings", `a${esc}P1$tx${esc}\\b`, "ab"],
    ["a reset", `a${esc}cb`, "ab"],
    ["a character set", `a${esc}(0b`, "ab"],
    ["an escape at the end", `a${esc}`, "a"],
    ["bell, backspace and the rest of C0", "a\u0007\u0008\u0000b", "ab"],
    ["C1", "a\u0085\u0080b", "ab"],
    ["marks that turn the direction of reading", "a\u202eb\u2066c\u200fd\u061ce", "abcde"],
    ["marks that are not seen", "a\u200b\u2060\ufeffb", "ab"],
    ["tags that are not seen", "a\u{e0041}\u{e007f}b", "ab"],
    ["a carriage return that would write over the line", "good\rbad", "good\nbad"]
  ] as const) {
    it(`loses ${what}`, () => assert.strictEqual(Sanitize.text(untrusted), safe))
  }

  it("keeps letters of all scripts, line ends, and tabs as spaces", () =>
    assert.strictEqual(Sanitize.text("Grüße\t日本\r\nשלום 👩‍🚀"), "Grüße  日本\nשלום 👩‍🚀"))

  it("is one line where one is wanted", () => assert.strictEqual(Sanitize.line(" a\n\n  b\tc\n"), "a b  c"))

  it("stays the same JSON, with everything dangerous written as escapes", () => {
    const value = { a: "x\u009b2J\u202e\u{e0041}\u001b[31m", b: "Grüße 日本" }
    const json = Sanitize.json(JSON.stringify(value))
    assert.deepStrictEqual(JSON.parse(json), value)
    assert.strictEqual(Sanitize.text(json), json)
  })

  it.prop("never keeps a control character, whatever comes", [Schema.String], ([text]) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.notMatch(Sanitize.text(text), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  })
})
