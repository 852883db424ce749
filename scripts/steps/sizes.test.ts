import { assert, describe, it } from "vitest"
import { maximumLines } from "../architecture.ts"
import { found } from "../fixture.ts"
import { sizes } from "./sizes.ts"

describe("sizes", () => {
  it("a file at the limit passes and one line more does not", async () => {
    const findings = await found(sizes, {
      "packages/core/src/Whole.ts": "//\n".repeat(maximumLines),
      "packages/core/src/Long.ts": "//\n".repeat(maximumLines + 1)
    })
    assert.deepStrictEqual(findings, [
      `packages/core/src/Long.ts ${maximumLines + 1} lines, ${maximumLines} is the limit: split it by concept`
    ])
  })
})
