import { assert, describe, it } from "@effect/vitest"
import * as Style from "./Style.ts"

describe("colour", () => {
  it("is for terminals", () => {
    assert.strictEqual(Style.of({}, true), Style.coloured)
    assert.strictEqual(Style.of({}, false), Style.uncoloured)
    assert.strictEqual(Style.of({ TERM: "dumb" }, true), Style.uncoloured)
  })
  it("is off where NO_COLOR is set to anything, whatever else is asked for", () => {
    assert.strictEqual(Style.of({ NO_COLOR: "0" }, true), Style.uncoloured)
    assert.strictEqual(Style.of({ NO_COLOR: "1", FORCE_COLOR: "1" }, true), Style.uncoloured)
  })
  it("ignores an empty NO_COLOR", () => assert.strictEqual(Style.of({ NO_COLOR: "" }, true), Style.coloured))
  it("can be forced, on or off", () => {
    assert.strictEqual(Style.of({ FORCE_COLOR: "1" }, false), Style.coloured)
    assert.strictEqual(Style.of({ FORCE_COLOR: "0" }, true), Style.uncoloured)
  })
})
