import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { found } from "../fixture.ts"
import { compilerFindings, format, lint } from "./tools.ts"

const repository = join(import.meta.dirname, "../..")
const ours = (name: string) => readFileSync(join(repository, name), "utf8")
const settings = (name: string) => ours(name).replace("./scripts/lint", join(repository, "scripts/lint"))

/** What lint says of one file, as the names of the rules. */
const rules = async (path: string, ...lines: ReadonlyArray<string>) => {
  const findings = await found(lint, { ".oxlintrc.json": settings(".oxlintrc.json"), [path]: `${lines.join("\n")}\n` })
  return findings.map((one) => /\/(\w+\([\w-]+\))\]$/.exec(one)?.[1] ?? one)
}

const source = "packages/core/src/graph/A.ts"

describe("lint", () => {
  it("try inside an Effect generator is refused, outside of one it is not", async () => {
    const attempt = "try { yield } catch (cause) { void cause }"
    assert.deepStrictEqual(await rules(source, `export const a = function* () { ${attempt} }`), [
      "backprose(no-try-in-generator)"
    ])
    assert.deepStrictEqual(await rules(source, "export const a = () => { try { return 1 } catch { return 2 } }"), [])
  })

  it("an Effect that is made and dropped is refused", async () => {
    const code = [
      'import * as Effect from "effect/Effect"',
      "export const a = Effect.gen(function* () {",
      '  Effect.log("lost")',
      '  yield* Effect.log("kept")',
      "})"
    ]
    assert.deepStrictEqual(await rules(source, ...code), ["backprose(no-floating-effect)"])
  })

  it("a barrel of Effect is refused in sources and fine in tests", async () => {
    const code = ['import { Effect } from "effect"', "export const a = Effect.void"]
    assert.deepStrictEqual(await rules(source, ...code), ["eslint(no-restricted-imports)"])
    assert.deepStrictEqual(await rules("packages/core/src/graph/A.test.ts", ...code), [])
    const unstable = 'export type { LanguageModel } from "effect/ai"'
    assert.deepStrictEqual(await rules(source, unstable), ["eslint(no-restricted-imports)"])
    assert.deepStrictEqual(await rules(source, unstable.replace("effect/ai", "effect/ai/LanguageModel")), [])
  })

  it("the machine's clock, chance, the console and throwing are refused in a library", async () => {
    const found = await rules(
      source,
      "export const a = () => Date.now()",
      "export const b = () => new Date()",
      "export const c = () => Math.random()",
      'export const d = () => console.log("")',
      'export const e = () => { throw new Error("") }',
      "export const f = async () => 1"
    )
    assert.sameMembers(found, [
      "eslint(no-restricted-properties)",
      "backprose(no-new-date)",
      "eslint(no-restricted-properties)",
      "eslint(no-console)",
      "backprose(no-throw)",
      "backprose(no-async-function)"
    ])
  })

  it("what is handed over to become an Effect may await and throw", async () => {
    const code = [
      'import * as Effect from "effect/Effect"',
      "export const a = Effect.tryPromise(async () => { throw await Promise.resolve(1) })",
      "export const b = Effect.try({ try: () => { throw 1 }, catch: () => 2 })",
      "export const c = Effect.map(a, () => { throw 3 })"
    ]
    assert.deepStrictEqual(await rules(source, ...code), ["backprose(no-throw)"])
  })

  it("the command may print", async () => {
    assert.deepStrictEqual(await rules("packages/cli/src/A.ts", 'export const a = () => console.log("")'), [])
  })
})

describe("format", () => {
  it("a file in another form is told, one in ours is not", async () => {
    const files = {
      "biome.json": ours("biome.json").replace('"enabled": true, "clientKind"', '"enabled": false, "clientKind"')
    }
    assert.deepStrictEqual(await found(format, { ...files, "packages/core/src/A.ts": 'export const a = "b"\n' }), [])
    const findings = await found(format, { ...files, "packages/core/src/A.ts": "export const a = 'b';\n" })
    assert.deepStrictEqual(findings, ["packages/core/src/A.ts:1 is not formatted: npm run format"])
  })
})

describe("compilerFindings", () => {
  it("reads an error with the lines that explain it", () => {
    const output = "src/A.ts(3,7): error TS2322: Type 'A' is not B.\n  Because of C.\nsrc/B.ts(1,1): error TS1: No.\n"
    assert.deepStrictEqual(compilerFindings(output), [
      { file: "src/A.ts", line: 3, message: "TS2322: Type 'A' is not B.\n  Because of C." },
      { file: "src/B.ts", line: 1, message: "TS1: No." }
    ])
  })
})
