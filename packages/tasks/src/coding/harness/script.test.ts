import { assert, describe, it } from "@effect/vitest"
import { script } from "./script.ts"

describe("a module as a script", () => {
  it("exports nothing", () => {
    const cases = [
      ["export const half = 0.5\nexport default function f(x) {}", "const half = 0.5\nfunction f(x) {}"],
      ["const f = 1\nexport { f, f as g };\nexport default f;", "const f = 1\n\nf;"],
      [
        "export * from './x'\nexport { a } from \"./y\"\nexport type T = 1\nexports.f = 1",
        "\n\ntype T = 1\nexports.f = 1"
      ],
      ["export = f", "f"]
    ]
    for (const [code, expected] of cases) assert.strictEqual(script(code!).trim(), expected!.trim())
  })

  it("requires what it imports and uses, in each way to import", () => {
    const use = "\nf(a, b, c, $d)"
    const cases = [
      ["import a from 'fs'", "const a = require('fs');"],
      ['import * as a from "node:fs";', 'const a = require("node:fs");'],
      ["import { a, x as b, y } from 'fs'", "const { a: a } = require('fs'); const { x: b } = require('fs');"],
      [
        "import a, {\n  b,\n  default as c,\n} from 'fs'",
        "const a = require('fs'); const { b: b } = require('fs'); const c = require('fs');"
      ],
      ["import $d, * as a from 'fs'", "const $d = require('fs'); const a = require('fs');"],
      ["import a = require('fs');", "const a = require('fs');"],
      ["import 'fs'", "require('fs');"],
      ["import{a}from'fs'", "const { a: a } = require('fs');"]
    ]
    for (const [code, expected] of cases) assert.strictEqual(script(code + use), expected + use)
  })

  it("leaves out imports of types, and of what is used nowhere but in comments and texts", () => {
    for (const head of [
      "import * as math from 'mathjs'",
      "import { Heap, Other } from 'heap-js'",
      "import type { A } from 'a'",
      "import type A from 'a'",
      "import { type A } from 'a'"
    ]) {
      const rest = "\n// math.max, Heap\nconst f = (x: A) => x.math + 'math' // math"
      assert.strictEqual(script(head + rest), rest)
    }
  })

  it("is left as it is where nothing is imported or exported", () => {
    for (const code of [
      "const important = 1\nimportant + exported",
      "const f = () => import('fs')",
      "x = 'import a from \"b\"'",
      "import.meta"
    ])
      assert.strictEqual(script(code), code)
  })
})
