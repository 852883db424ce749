import { assert, describe, it } from "vitest"
import { coreLayers } from "../architecture.ts"
import { found } from "../fixture.ts"
import { boundaries } from "./boundaries.ts"

const [first = "", second = ""] = coreLayers
const of = (files: Record<string, string>) => found(boundaries, files)

describe("boundaries", () => {
  it("an import that the architecture allows is no finding", async () => {
    assert.deepStrictEqual(
      await of({
        [`packages/core/src/${first}/A.ts`]: 'import * as Effect from "effect/Effect"\nexport const a = Effect.void',
        [`packages/core/src/${second}/B.ts`]: `export * from "../${first}/A.ts"`,
        "packages/core/src/index.ts": `export * from "./${second}/B.ts"`,
        "packages/openai/src/index.ts": 'export * from "@backprose/core"'
      }),
      []
    )
  })

  it("core may not import another of our packages, and the line is named", async () => {
    const findings = await of({ "packages/core/src/graph/Graph.ts": '\nimport type { A } from "@backprose/openai"' })
    assert.deepStrictEqual(findings, [
      "packages/core/src/graph/Graph.ts:2 core may import none of our packages, not openai"
    ])
  })

  it("siblings may not import one another, also not as a type inside an expression", async () => {
    const findings = await of({ "packages/openai/src/A.ts": 'export type A = import("@backprose/local").A' })
    assert.match(findings.join(), /openai may import core, not local/)
  })

  it("a re-export and a dynamic import count as imports", async () => {
    const findings = await of({
      "packages/tasks/src/A.ts": 'export * from "@backprose/openai"',
      "packages/tasks/src/B.ts": 'export const b = () => import("@backprose/local")'
    })
    assert.deepStrictEqual(
      findings.map((one) => one.split(" ")[0]),
      ["packages/tasks/src/A.ts:1", "packages/tasks/src/B.ts:1"]
    )
  })

  it("tests may import testing, sources may not", async () => {
    const text = 'import "@backprose/testing"'
    assert.deepStrictEqual(await of({ "packages/core/src/graph/A.test.ts": text }), [])
    assert.lengthOf(await of({ "packages/core/src/graph/A.ts": text }), 1)
  })

  it("a relative path out of a package is refused", async () => {
    const findings = await of({ "packages/cli/src/A.ts": 'import "../../core/src/index.ts"' })
    assert.match(findings.join(), /leaves the package/)
  })

  it("an earlier layer of core may not import a later one", async () => {
    const text = `import type { B } from "../${second}/B.ts"`
    assert.deepStrictEqual(await of({ [`packages/core/src/${first}/A.ts`]: text }), [
      `packages/core/src/${first}/A.ts:1 core's ${first} comes before ${second} and may not import it (../${second}/B.ts)`
    ])
  })

  it("a folder of core without a place among the layers is told once", async () => {
    const findings = await of({
      "packages/core/src/novelty/A.ts": 'import "../graph/G.ts"',
      "packages/core/src/novelty/B.ts": 'import "../graph/G.ts"'
    })
    assert.lengthOf(findings, 1)
    assert.match(findings.join(), /core\/src\/novelty this folder has no place in coreLayers/)
  })

  it("core's sources import none of Node's modules", async () => {
    assert.lengthOf(await of({ "packages/core/src/graph/A.ts": 'import { readFileSync } from "node:fs"' }), 1)
  })

  it("an unstable module of Effect stays where it is adapted", async () => {
    const text = 'import type * as LanguageModel from "effect/ai/LanguageModel"'
    assert.deepStrictEqual(
      await of({ "packages/core/src/model/A.ts": text, "packages/core/src/graph/A.test.ts": text }),
      []
    )
    assert.match(
      (await of({ "packages/core/src/graph/A.ts": text })).join(),
      /effect\/ai changes between minor versions/
    )
  })

  it("a package without a rule is told", async () => {
    assert.match(
      (await of({ "packages/new/src/A.ts": 'import "effect/Effect"' })).join(),
      /the package new has no rule/
    )
  })
})
