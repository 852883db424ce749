import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { names } from "./names.ts"

describe("names", () => {
  it("a name that says nothing is told, as a file, a folder and a last word", async () => {
    const findings = await found(names, {
      "packages/core/src/utils.ts": "",
      "packages/core/src/shared/Graph.ts": "",
      "packages/core/src/graph/Helpers.test.ts": "",
      "packages/core/src/run/RunManager.ts": ""
    })
    assert.lengthOf(findings, 4)
  })

  it("a word that only begins so is a name as any other", async () => {
    const findings = await found(names, {
      "packages/core/src/model/SharedCalls.ts": "",
      "packages/core/src/graph/languageModel.ts": "",
      "packages/core/src/graph/Graph.real.test.ts": ""
    })
    assert.deepStrictEqual(findings, [])
  })

  it("a source file with a hyphen is told", async () => {
    assert.lengthOf(await found(names, { "packages/core/package.json": "{}", "packages/core/src/my-graph.ts": "" }), 1)
  })

  it("a scratch file at the top of the repository is told, what belongs there is not", async () => {
    const findings = await found(names, {
      "README.md": "",
      "CHANGELOG.md": "",
      LICENSE: "",
      ".editorconfig": "",
      "tsconfig.base.json": "",
      ".ci/run": "",
      "docs/a.md": "",
      "try.ts": ""
    })
    assert.deepStrictEqual(findings, ["try.ts does not belong at the top of the repository (scripts/architecture.ts)"])
  })
})
