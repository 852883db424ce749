import { assert, describe, it } from "@effect/vitest"
import { choose } from "./Slots.ts"

const empty = { shared: 0, held: 0 }

describe("the context for a request", () => {
  it("is the free one that shares the longest beginning", () => {
    assert.strictEqual(choose([{ shared: 40, held: 90 }, { shared: 300, held: 320 }, empty], true), 1)
  })
  it("is an empty one rather than one of another kind of prompt", () => {
    assert.strictEqual(choose([{ shared: 5, held: 700 }, empty], true), 1)
  })
  it("is a new one rather than one of another kind of prompt", () => {
    assert.strictEqual(choose([{ shared: 5, held: 700 }], true), -1)
  })
  it("is the longest unused one when there is no room for more", () => {
    assert.strictEqual(
      choose(
        [
          { shared: 3, held: 700 },
          { shared: 5, held: 300 }
        ],
        false
      ),
      0
    )
  })
})
