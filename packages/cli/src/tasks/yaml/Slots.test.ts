import { assert, describe, it } from "@effect/vitest"
import * as Slots from "./Slots.ts"

describe("slots", () => {
  it("are names in braces; doubled braces are braces", () => {
    const pieces = Slots.parse('{a} and {b.c}, {{"k": {a}}} {not a name} {}')
    assert.deepStrictEqual(Slots.names(pieces), ["a", "b.c"])
    assert.strictEqual(
      Slots.text(pieces, (name) => name.toUpperCase()),
      'A and B.C, {"k": A} {not a name} {}'
    )
  })
})
