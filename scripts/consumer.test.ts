import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { assert, describe, it } from "vitest"
import { use } from "./consumer.ts"
import { show } from "./Step.ts"

const repository = join(import.meta.dirname, "..")

/** Packs a package of two files and uses it. */
const used = async (code: string, declaration: string, dependencies: Record<string, string> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "backprose-packed-"))
  try {
    const manifest = {
      name: "@backprose/sample",
      version: "0.1.0",
      type: "module",
      exports: {
        ".": { "@backprose/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" }
      },
      dependencies
    }
    const files = { "package.json": JSON.stringify(manifest), "dist/index.js": code, "dist/index.d.ts": declaration }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "package", path)), { recursive: true })
      writeFileSync(join(folder, "package", path), text)
    }
    const tarball = join(folder, "sample.tgz")
    execFileSync("tar", ["-czf", tarball, "-C", folder, "package"])
    return (await use(repository, [{ name: "sample", manifest, tarball, files: Object.keys(files) }])).map(show)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe("a consumer of the packed packages", () => {
  it("types and runs one that is whole, without its sources", async () => {
    assert.deepStrictEqual(await used("export const a = 1\n", "export declare const a: number\n"), [])
  })

  it("finds a declaration that does not type", async () => {
    const findings = await used("export const a = 1\n", "export declare const a: Missing\n")
    assert.match(findings.join(), /node_modules\/@backprose\/sample\/dist\/index\.d\.ts:1 TS2304/)
  })

  it("finds an import that is installed here and declared nowhere", async () => {
    const code = 'import "effect/Effect"\nexport const a = 1\n'
    assert.match((await used(code, "export declare const a: number\n")).join(), /Cannot find package 'effect'/)
    assert.deepStrictEqual(await used(code, "export declare const a: number\n", { effect: "4.1.0" }), [])
  })

  it("finds a module that fails when it is loaded", async () => {
    const findings = await used('throw new Error("at load")\n', "export declare const a: number\n")
    assert.match(findings.join(), /at load/)
  })
})
