import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { cycles } from "./cycles.ts"

describe("cycles", () => {
  it("a chain without a return is no finding", async () => {
    const findings = await found(cycles, {
      "packages/core/src/A.ts": 'import "./B.ts"\nimport "./C.ts"',
      "packages/core/src/B.ts": 'import "./C.ts"',
      "packages/core/src/C.ts": "export {}"
    })
    assert.deepStrictEqual(findings, [])
  })

  it("a cycle is told once, with its whole way", async () => {
    const findings = await found(cycles, {
      "packages/core/src/A.ts": 'import "./B.ts"',
      "packages/core/src/B.ts": 'import "./C.ts"',
      "packages/core/src/C.ts": 'import "./A.ts"'
    })
    assert.deepStrictEqual(findings, [
      "packages/core/src/A.ts imports itself: core/src/A.ts -> core/src/B.ts -> core/src/C.ts -> core/src/A.ts"
    ])
  })

  it("a cycle of types alone is a cycle", async () => {
    const findings = await found(cycles, {
      "packages/core/src/A.ts": 'import type { B } from "./B.ts"\nexport type A = B',
      "packages/core/src/B.ts": 'export type B = import("./A.ts").A'
    })
    assert.lengthOf(findings, 1)
  })

  it("a file that leads into a cycle without being in it is not blamed", async () => {
    const findings = await found(cycles, {
      "packages/core/src/A.ts": 'import "./B.ts"',
      "packages/core/src/B.ts": 'import "./C.ts"',
      "packages/core/src/C.ts": 'import "./B.ts"'
    })
    assert.deepStrictEqual(findings, [
      "packages/core/src/B.ts imports itself: core/src/B.ts -> core/src/C.ts -> core/src/B.ts"
    ])
  })
})
