import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { manifestsStep } from "./manifests.ts"

const core = {
  name: "@backprose/core",
  version: "0.1.0",
  description: "The core.",
  license: "MIT",
  type: "module",
  sideEffects: [],
  engines: { node: ">=22.19.0" },
  exports: {
    "./package.json": "./package.json",
    ".": { "@backprose/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./internal/*": null,
    "./*": { "@backprose/source": "./src/*.ts", types: "./dist/*.d.ts", default: "./dist/*.js" }
  },
  files: [
    "dist/**/*.js",
    "dist/**/*.js.map",
    "dist/**/*.d.ts",
    "dist/**/*.d.ts.map",
    "src/**/*.ts",
    "!src/**/*.test.ts"
  ],
  peerDependencies: { effect: "^4.1.0" }
}

const of = (manifest: object, text = 'import "effect/Effect"') =>
  found(manifestsStep, {
    "package.json": JSON.stringify({ devDependencies: { effect: "4.1.0", vitest: "5.1.1" } }),
    "tsconfig.packages.json": JSON.stringify({ references: [{ path: "packages/core" }] }),
    "packages/core/package.json": JSON.stringify(manifest),
    "packages/core/tsconfig.json": "{}",
    "packages/core/src/index.ts": text
  })

describe("manifests", () => {
  it("a manifest of our shape that declares what it imports is fine", async () => {
    assert.deepStrictEqual(await of(core), [])
  })

  it("an import that is not declared is told at its line", async () => {
    const findings = await of(core, 'import "effect/Effect"\nimport OpenAI from "openai"')
    assert.deepStrictEqual(findings, [
      "packages/core/src/index.ts:2 openai is no dependency or peer of @backprose/core"
    ])
  })

  it("a test tool imported by a source is not declared, though the repository has it", async () => {
    assert.lengthOf(await of(core, 'import "effect/Effect"\nimport "vitest"'), 1)
  })

  it("a declaration that nothing imports is told", async () => {
    const findings = await of(core, "export {}")
    assert.deepStrictEqual(findings, ["packages/core/package.json nothing in it imports effect"])
  })

  it("a range that leaves out the version in use is told, whichever way", async () => {
    assert.match((await of({ ...core, peerDependencies: { effect: "^4.2.0" } })).join(), /does not go with 4\.1\.0/)
    assert.match((await of({ ...core, peerDependencies: { effect: "^3.9.0" } })).join(), /does not go with 4\.1\.0/)
    assert.deepStrictEqual(await of({ ...core, peerDependencies: { effect: "^4.0.3" } }), [])
  })

  it("conditions in another order and files that differ are told", async () => {
    const [types, source] = ["./dist/index.d.ts", "./src/index.ts"]
    const swapped = { types, "@backprose/source": source, default: "./dist/index.js" }
    assert.match((await of({ ...core, exports: { ...core.exports, ".": swapped } })).join(), /in this order/)
    const apart = { "@backprose/source": source, types, default: "./dist/Main.js" }
    assert.match((await of({ ...core, exports: { ...core.exports, ".": apart } })).join(), /must name one file/)
  })

  it("a library whose modules cannot be named one by one is told, as its users' declarations would need it", async () => {
    const findings = await of({ ...core, exports: { "./package.json": "./package.json", ".": core.exports["."] } })
    assert.deepStrictEqual(findings, [
      'packages/core/package.json exports must have "./internal/*"',
      'packages/core/package.json exports must have "./*"'
    ])
  })

  it("a licence, a version or a list of files other than ours is told", async () => {
    const findings = await of({ ...core, license: "GPL-3.0", files: core.files.slice(1) })
    assert.deepStrictEqual(findings, [
      'packages/core/package.json license must be "MIT"',
      "packages/core/package.json files must list dist/**/*.js"
    ])
  })

  it("who depends on a package of ours brings its peers along, and needs no import of them for that", async () => {
    const peer = {
      ...core,
      name: "@backprose/openai",
      dependencies: { "@backprose/core": "0.1.0" },
      peerDependencies: {}
    }
    const files = {
      "package.json": JSON.stringify({ devDependencies: { effect: "4.1.0" } }),
      "tsconfig.packages.json": JSON.stringify({
        references: [{ path: "packages/core" }, { path: "packages/openai" }]
      }),
      "packages/core/package.json": JSON.stringify(core),
      "packages/core/tsconfig.json": "{}",
      "packages/core/src/index.ts": 'import "effect/Effect"',
      "packages/openai/tsconfig.json": JSON.stringify({ references: [{ path: "../core" }] }),
      "packages/openai/src/index.ts": 'import "@backprose/core"'
    }
    const of = (manifest: object) =>
      found(manifestsStep, { ...files, "packages/openai/package.json": JSON.stringify(manifest) })
    assert.deepStrictEqual(await of(peer), ["packages/openai/package.json what it depends on needs effect as a peer"])
    assert.deepStrictEqual(await of({ ...peer, peerDependencies: { effect: "^4.1.0" } }), [])
  })
})
