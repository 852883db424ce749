import { assert, describe, it } from "@effect/vitest"
import { fromJsonSchema } from "./JsonShape.ts"
import * as Progress from "./Progress.ts"

const shape = fromJsonSchema({
  type: "object",
  properties: { reasoning: { type: "string" }, label: { enum: ["BIL", "BUG", "SHP"] }, sure: { type: "boolean" } },
  required: ["reasoning", "label", "sure"]
})
const after = (text: string) => Progress.forced(Progress.advance(shape, text))

describe("what is forced in a reply", () => {
  it("is everything up to the first free character", () => {
    assert.strictEqual(after("").text, '{"reasoning": "')
  })
  it("is nothing inside a free text", () => {
    assert.strictEqual(after('{"reasoning": "because').text, "")
  })
  it("bridges two fields", () => {
    assert.strictEqual(after('{"reasoning": "because"').text, ', "label": "')
  })
  it("stops where two names still share their beginning", () => {
    assert.strictEqual(after('{"reasoning": "", "label": "B').text, "")
  })
  it("goes on as soon as one name is left, and leaves the space before a word to the model", () => {
    assert.strictEqual(after('{"reasoning": "", "label": "BU').text, 'G", "sure":')
  })
  it("knows when nothing can follow", () => {
    assert.deepInclude(after('{"reasoning": "", "label": "SHP", "sure": f'), { text: "alse}", ended: true })
  })
  it("is nothing when a longer value is possible", () => {
    assert.deepInclude(Progress.forced(Progress.advance(fromJsonSchema({ type: "integer" }), "1")), {
      text: "",
      ended: false
    })
  })
  it("leaves the shape for good with the first wrong character", () => {
    assert.strictEqual(Progress.advance(shape, '{"x')._tag, "Never")
  })
})
