import { assert, describe, it } from "@effect/vitest"
import * as Vote from "./Vote.ts"

describe("the vote of several answers", () => {
  it("is the most frequent one, of equals the first, whatever did not answer", () => {
    assert.strictEqual(Vote.majority(["A", "B", "B", "A", "C"]), "A")
    assert.strictEqual(Vote.majority(["C", "B", "B", "A"]), "B")
    assert.strictEqual(Vote.majority(["D", undefined, undefined, undefined]), "D")
    assert.strictEqual(Vote.majority(["D", "C", undefined, "C"]), "C")
    assert.strictEqual(Vote.majority([undefined]), undefined)
    assert.strictEqual(Vote.majority([]), undefined)
  })
})
