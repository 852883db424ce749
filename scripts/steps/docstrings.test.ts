import { assert, it } from "vitest"
import { found } from "../fixture.ts"
import { docstrings } from "./docstrings.ts"

it("exports of the files that the index leads to need a docstring, others do not", async () => {
  const findings = await found(docstrings, {
    "packages/core/package.json": "{}",
    "packages/core/src/index.ts":
      'export * as Graph from "./graph/Graph.ts"\nexport { Model } from "./model/Model.ts"\nexport type { A } from "effect/A"',
    "packages/core/src/graph/Graph.ts": "/** Whole. */\nexport const make = 1\nexport const bare = 2",
    "packages/core/src/model/Model.ts": "export class Model {}\nexport const hidden = 1",
    "packages/core/src/model/inner.ts": "export const inner = 1"
  })
  assert.deepStrictEqual(findings, [
    "packages/core/src/graph/Graph.ts no docstring: bare",
    "packages/core/src/model/Model.ts no docstring: Model"
  ])
})
