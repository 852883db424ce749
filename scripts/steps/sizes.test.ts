import { assert, describe, it } from "vitest"
import { maximumBytes, maximumLines } from "../architecture.ts"
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

  it("a file that is data rather than text of ours is told, the lockfile is not", async () => {
    const big = "x".repeat(maximumBytes + 1)
    const findings = await found(sizes, { "packages/tasks/data/rows.jsonl": big, "package-lock.json": big })
    assert.lengthOf(findings, 1)
    assert.match(findings.join(), /rows\.jsonl/)
  })

  it("a README that nobody reads to its end is told", async () => {
    assert.lengthOf(await found(sizes, { "README.md": "line\n".repeat(121) }), 1)
    assert.lengthOf(await found(sizes, { "README.md": "line\n".repeat(120) }), 0)
  })
})
