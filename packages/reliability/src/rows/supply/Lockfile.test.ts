import { assert, describe, it } from "@effect/vitest"
import * as Lockfile from "./Lockfile.ts"

const integrity = `sha512-${"A".repeat(86)}==`
const good: Lockfile.Lockfile = {
  "": { dependencies: { a: "1.0.0" } },
  "packages/ours": { dependencies: { a: "^1.0.0", b: "~2.0.0" }, optionalDependencies: { elsewhere: "1.0.0" } },
  "node_modules/@x/ours": { link: true, resolved: "packages/ours" },
  "node_modules/a": { integrity, dependencies: { c: "npm:other@1.0.0" }, peerDependencies: { p: "1" } },
  "node_modules/b": { integrity, peerDependencies: { q: "1" }, peerDependenciesMeta: { q: { optional: true } } },
  "node_modules/a/node_modules/c": { integrity },
  "node_modules/c": { integrity },
  "node_modules/p": { integrity },
  "node_modules/q": { integrity, hasInstallScript: true },
  "packages/more": { dependencies: { "@x/ours": "0.1.0" } }
}

describe("the lockfile", () => {
  it("knows what comes with a package: the nearest of each, needed peers, and none that are optional", () => {
    const tree = ["node_modules/a", "node_modules/a/node_modules/c", "node_modules/b", "node_modules/p"]
    assert.deepStrictEqual(Lockfile.treeOf(good, "packages/ours"), tree)
    assert.deepStrictEqual(Lockfile.treeOf(good, "packages/more"), tree)
  })

  it("is sound where everything is hashed and of a registry", () => {
    assert.deepStrictEqual([Lockfile.unhashed(good), Lockfile.unversioned(good), Lockfile.foreign(good)], [[], [], 6])
  })

  it("shows what has no hash or a weak one, and what comes from anywhere else", () => {
    const bad: Lockfile.Lockfile = {
      ...good,
      "node_modules/d": { dependencies: { e: "git+ssh://git@host/e.git", f: "user/repository", g: "file:../g" } },
      "node_modules/e": { integrity: "sha1-abc", resolved: "git+ssh://git@host/e.git#123", dependencies: { h: "../h" } }
    }
    assert.deepStrictEqual(Lockfile.unhashed(bad), ["node_modules/d", "node_modules/e"])
    assert.strictEqual(Lockfile.unversioned(bad).length, 5)
  })
})
