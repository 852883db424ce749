import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { words } from "./words.ts"

const host = ["registry", "npmjs", "org"].join(".")
const path = ["", "root", "weights"].join("/")

describe("words", () => {
  it("a registry's host and a path of one machine are told with their lines", async () => {
    const findings = await found(words, { "README.md": `# A\nfrom ${host}\nin ${path}\n` })
    assert.deepStrictEqual(findings, [
      `README.md:2 the host name of a package registry: ${host}`,
      `README.md:3 a path of one machine: ${path.replace("weights", "")}`
    ])
  })

  it("an address that has such a folder in it is fine", async () => {
    const findings = await found(words, { "README.md": "https://example.com/work/a and src/work/a and ./root/b" })
    assert.deepStrictEqual(findings, [])
  })

  it("what is generated or installed is not looked at", async () => {
    assert.deepStrictEqual(await found(words, { "packages/core/dist/a.js": host, ".cache/a.json": host }), [])
  })
})
