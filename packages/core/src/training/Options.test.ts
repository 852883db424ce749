import { assert, describe, it } from "@effect/vitest"
import * as Options from "./Options.ts"

describe("the options of a run", () => {
  it("are the defaults where nothing is said", () => {
    assert.deepStrictEqual(Options.complete({}), Options.defaults)
  })

  it("are brought to counts that make sense, so that a run always ends", () => {
    const { batchSize, concurrency, steps } = Options.complete({ steps: Number.NaN, batchSize: 0, concurrency: -3 })
    assert.deepStrictEqual([steps, batchSize, concurrency], [0, 1, 1])
    assert.strictEqual(Options.complete({ steps: -1 }).steps, 0)
    assert.deepStrictEqual(Options.complete({ screen: { keep: 0, examples: Number.NaN } }).screen, {
      keep: 1,
      examples: 1
    })
    assert.strictEqual(Options.complete({ steps: 2.9 }).steps, 2)
  })
})
