import { assert, describe, it } from "@effect/vitest"
import * as Gbnf from "./Gbnf.ts"
import { fromJsonSchema } from "./JsonShape.ts"
import * as Progress from "./Progress.ts"

describe("a grammar in the engine's notation", () => {
  it("writes names, choices and bounds", () => {
    assert.strictEqual(
      Gbnf.render(
        fromJsonSchema({
          properties: { "a\\b": { enum: ["x", 1] }, c: { type: "string", maxLength: 3 } },
          required: ["a\\b", "c"]
        })
      ),
      [
        String.raw`root ::= "{\"a\\\\b\": " ("\"x\"" | "1") ", \"c\": \"" character{0,3} "\"}"`,
        String.raw`character ::= ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4,4}))`,
        ""
      ].join("\n")
    )
  })

  it("writes only what is still to come", () => {
    const shape = fromJsonSchema({ properties: { a: { const: 1 }, b: { const: 2 } }, required: ["a", "b"] })
    assert.strictEqual(Gbnf.render(Progress.advance(shape, '{"a": 1')), 'root ::= ", \\"b\\": 2}"\n')
  })

  it("leaves open what is too long for the engine", () => {
    assert.include(Gbnf.render(fromJsonSchema({ type: "string", maxLength: 100_000 })), "character*")
  })

  it("names what contains itself", () => {
    const tree = { properties: { kids: { type: "array", items: { $ref: "#" } } }, required: ["kids"] }
    assert.match(Gbnf.render(fromJsonSchema(tree)), /itself ::= .*itself/)
  })
})
