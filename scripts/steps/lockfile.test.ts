import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { lockfile } from "./lockfile.ts"

const of = (packages: Record<string, unknown>) => found(lockfile, { "package-lock.json": JSON.stringify({ packages }) })
const integrity = "sha512-abc"

describe("lockfile", () => {
  it("entries with checksums whose dependencies are there are fine, nested or not", async () => {
    const findings = await of({
      "": { dependencies: { a: "1" } },
      "packages/x": { dependencies: { a: "1" } },
      "node_modules/x": { resolved: "packages/x", link: true },
      "node_modules/a": { integrity, dependencies: { b: "1", c: "1" } },
      "node_modules/a/node_modules/b": { integrity, dependencies: { c: "1" } },
      "node_modules/c": { integrity }
    })
    assert.deepStrictEqual(findings, [])
  })

  it("an entry without a checksum is told", async () => {
    assert.match((await of({ "node_modules/a": { version: "1.0.0" } })).join(), /node_modules\/a has no checksum/)
  })

  it("a dependency by git or by address is told", async () => {
    const findings = await of({
      "node_modules/a": { integrity, resolved: "git+ssh://git@host/a.git" },
      "node_modules/b": { integrity, resolved: "https://host/b.tgz" }
    })
    assert.lengthOf(findings, 2)
  })

  it("a platform's build that is named and not locked is told, as npm ci would refuse it", async () => {
    const findings = await of({ "node_modules/a": { integrity, optionalDependencies: { "a-darwin": "1" } } })
    assert.match(findings.join(), /node_modules\/a needs a-darwin, which is not in it/)
  })
})
