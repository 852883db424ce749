import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { docs } from "./docs.ts"

const fence = (info: string, ...code: ReadonlyArray<string>): string => `\`\`\`${info}\n${code.join("\n")}\n\`\`\`\n`
const of = (files: Record<string, string>) => found(docs, files)

describe("docs", () => {
  it("a block that compiles is no finding, and other languages are left alone", async () => {
    const text = fence("ts", 'import { Effect } from "effect"', "const one = Effect.succeed(1)") + fence("sh", "not ts")
    assert.deepStrictEqual(await of({ "README.md": text }), [])
  })

  it("an error is told with the file and line of the Markdown", async () => {
    const findings = await of({
      "docs/guide/a.md": `# A\n\ntext\n\n${fence("ts", "const a = 1", "const b: string = a")}`
    })
    assert.lengthOf(findings, 1)
    assert.match(findings.join(), /^docs\/guide\/a\.md:7 TS2322: /)
  })

  it("the repository's strict flags hold in a block", async () => {
    const text = fence("ts", "const first = (all: ReadonlyArray<string>): string => all[0]", "enum Colour { Red }")
    assert.lengthOf(await of({ "README.md": text }), 2)
  })

  it("a block in a docstring is checked at its line in the source", async () => {
    const source = [
      "/**",
      " * Adds.",
      " *",
      " * ```ts",
      " * const a: string = 1",
      " * ```",
      " */",
      "export const b = 1"
    ]
    const findings = await of({ "packages/core/src/graph/A.ts": source.join("\n") })
    assert.match(findings.join(), /^packages\/core\/src\/graph\/A\.ts:5 TS2322: /)
  })

  it("a block inside a list is checked too", async () => {
    const findings = await of({ "README.md": "- so:\n\n  ```ts\n  const a: string = 1\n  ```\n" })
    assert.match(findings.join(), /^README\.md:4 TS2322: /)
  })

  it("an ignored block is not checked, and a word that means nothing is told", async () => {
    const text = fence("ts ignore", "const a: string = 1") + fence("ts rnu", "const a = 1")
    assert.deepStrictEqual(await of({ "README.md": text }), [
      'README.md:5 "ts rnu": only run, continue, ignore mean something'
    ])
  })

  it("blocks stand alone unless one says that it continues", async () => {
    const [first, second] = [["const a = 1"], ["const b: number = a"]]
    assert.deepStrictEqual(await of({ "README.md": fence("ts", ...first) + fence("ts continue", ...second) }), [])
    const findings = await of({ "README.md": fence("ts", ...first) + fence("ts", ...second) })
    assert.match(findings.join(), /^README\.md:5 TS2304: Cannot find name 'a'/)
  })

  it("a block marked run is run, and one that fails is told with what it said", async () => {
    const works = fence("ts run", "const answer: number = 42", 'if (answer !== 42) throw new Error("no")')
    const fails = fence("ts run", 'throw new Error("as expected")')
    const findings = await of({ "docs/works.md": works, "docs/fails.md": fails })
    assert.lengthOf(findings, 1)
    assert.match(findings.join(), /^docs\/fails\.md:2 ended with 1:[\s\S]*as expected/)
  })
})
