import { Worker } from "node:worker_threads"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { Attacks, CodeRunner, Outcome, type Program, QuickJs } from "../index.ts"

const run = (source: string, limits: Partial<Program.Limits> = {}, language: Program.Language = "javascript") =>
  Effect.flatMap(CodeRunner, (runner) => runner.run({ language, source, limits }))

describe("JavaScript in QuickJS", () => {
  it.layer(QuickJs.layer(), { excludeTestServices: true })((it) => {
    for (const name of Object.keys(Attacks.names) as ReadonlyArray<Attacks.Name>) {
      it.effect(`cannot ${Attacks.names[name]}`, () =>
        Effect.map(Attacks.attack("javascript", name), ({ broken }) => assert.isUndefined(broken))
      )
    }

    it.effect("says what it said, on either stream, much as Node would", () =>
      Effect.gen(function* () {
        const source = `console.log("☃", 1, -0, 2n, null, undefined, [1, "a", { b: [] }], new Map([["k", new Set([1])]]))
console.error("err"); console.assert(1 === 2, "no"); console.assert(true)
class Point { constructor() { this.x = 1 } }
const ring = {}; ring.self = ring
console.log(new Point(), ring, () => 1, /a/g)`
        const { millis: _, ...rest } = yield* run(source)
        assert.deepStrictEqual(rest, {
          _tag: "Exited",
          code: 0,
          stdout: `☃ 1 -0 2n null undefined [ 1, "a", { b: [] } ] Map(1) { "k" => Set(1) { 1 } }
Point { x: 1 } { self: [Circular] } [Function: (anonymous)] /a/g
`,
          stderr: "err\nAssertion failed: no\n"
        })
      })
    )

    it.effect("fails with exit code 1 and the error, thrown, awaited or in a promise at its end", () =>
      Effect.gen(function* () {
        for (const source of [
          "throw new TypeError('told')",
          "await Promise.reject(new TypeError('told'))\nexport {}",
          "async function main() { await null; throw new TypeError('told') }\nmain()"
        ]) {
          const outcome = yield* run(source)
          assert.deepInclude(outcome, { _tag: "Exited", code: 1 })
          assert.match(outcome.stderr, /^TypeError: told\n/)
        }
        assert.include((yield* run("let x = ")).stderr, "SyntaxError")
        assert.include((yield* run("export {}\nawait new Promise(() => {})")).stderr, "never settles")
      })
    )

    it.effect("asserts, required or imported, under all names that Node has for it", () =>
      Effect.gen(function* () {
        const same = `equal(1, "1"); ok(true); deepEqual({ a: [1] }, { a: ["1"] }); strictEqual(NaN, NaN); notEqual(1, 2)
throws(() => { throw new TypeError("x") }, TypeError); throws(() => { throw new Error("abc") }, /b/)
deepStrictEqual(new Map([[1, { a: 2 }]]), new Map([[1, { a: 2 }]])); console.log("well")`
        const names = "equal, ok, deepEqual, strictEqual, notEqual, throws, deepStrictEqual"
        for (const head of [
          `const assert = require("node:assert"); assert(true); const { ${names} } = assert`,
          `const assert = require("assert").strict; assert.throws(() => assert.equal(1, "1")); const { ${names} } = require("assert")`,
          `import { ${names} } from "assert"`,
          `import * as assert from "node:assert"; import strict from "node:assert/strict"; strict(1); const { ${names} } = assert`
        ]) {
          const { stderr, stdout } = yield* run(`${head}\n${same}`)
          assert.deepStrictEqual([stdout, stderr], ["well\n", ""])
        }
        const failing = yield* run(`const assert = require("assert"); assert.deepStrictEqual([1], [2])`)
        assert.deepInclude(failing, { _tag: "Exited", code: 1 })
        assert.match(failing.stderr, /^AssertionError: \[1\] deepStrictEqual \[2\]/)
        const caught = yield* run(`const a = require("assert")
try { a.strictEqual(1, 2, "mine") } catch (e) { console.log(e instanceof a.AssertionError, e.message, e.code, e.actual) }`)
        assert.strictEqual(caught.stdout, "true mine ERR_ASSERTION 1\n")
        assert.include((yield* run(`require("lodash")`)).stderr, "Cannot find module 'lodash'")
        assert.include((yield* run(`import "fs"`)).stderr, "Cannot find module 'fs'")
      })
    )

    it.effect("runs scripts in one scope, as Node's `vm` does, in the language of the program", () =>
      Effect.gen(function* () {
        const source = `const { runInThisContext } = require("node:vm")
runInThisContext("const a = 1; function f() { return a + 1 }")
console.log(runInThisContext("f() + a"), typeof f)
try { runInThisContext("return 1") } catch (e) { console.log(e.name) }
try { runInThisContext("throw new TypeError('\\u0000')") } catch (e) { console.log(e instanceof TypeError, e.message.length) }`
        assert.strictEqual((yield* run(source)).stdout, "3 function\nSyntaxError\ntrue 1\n")
        const typed = 'console.log(require("vm").runInThisContext("const a: number = 3; a as number"))'
        assert.strictEqual((yield* run(typed, {}, "typescript")).stdout, "3\n")
      })
    )

    it.effect("is a module by its lines, and not by names that begin like them", () =>
      Effect.gen(function* () {
        const script = `var exports = {}\nexports.f = () => 1\nimported = 2\nconsole.log(exports.f() + imported)`
        assert.strictEqual((yield* run(script)).stdout, "3\n")
        assert.strictEqual((yield* run(`export const a = 1\nconsole.log(a)`)).stdout, "1\n")
        assert.strictEqual((yield* run(`const a = 1\nexport{a}\nconsole.log(a)`)).stdout, "1\n")
      })
    )

    it.effect("reads standard input as a global string", () =>
      Effect.gen(function* () {
        const runner = yield* CodeRunner
        const stdin = "héllo ☃ 𝄞\u0000\n"
        const { stdout } = yield* runner.run({ language: "javascript", source: "console.log(stdin)", stdin })
        assert.strictEqual(stdout, `${stdin}\n`)
      })
    )

    it.effect("is TypeScript where it says so, enums too, and is told where it cannot be read", () =>
      Effect.gen(function* () {
        const source = "enum Size { Big = 3 }\nconst n: number = Size.Big as number\nconsole.log(n)"
        assert.strictEqual((yield* run(source, {}, "typescript")).stdout, "3\n")
        const broken = yield* run("let x: = 1", {}, "typescript")
        assert.deepInclude(broken, { _tag: "Exited", code: 1 })
        assert.include(broken.stderr, "SyntaxError")
      })
    )

    it.effect("recurses thousands deep, and is told where that is too deep", () =>
      Effect.gen(function* () {
        const source = "const sum = (n) => (n === 0 ? 0 : n + sum(n - 1))\nconsole.log(sum(8000))\nsum(1e6)"
        const outcome = yield* run(source)
        assert.deepInclude(outcome, { _tag: "Exited", code: 1, stdout: "32004000\n" })
        assert.include(outcome.stderr, "stack overflow")
      })
    )

    it.effect("is killed for memory where it takes too much, in pieces of any size", () =>
      Effect.gen(function* () {
        for (const piece of ["new Uint8Array(1 << 24).fill(1)", "new Uint8Array(1 << 10)", "{ a: [1, 2, 3] }"]) {
          const source = `console.log("so far")\nconst all = []\nfor (let i = 0; i < 4e6; i++) all.push(${piece})`
          const outcome = yield* run(source, { memoryMegabytes: 48, wallMillis: 15_000 })
          assert.deepInclude(outcome, { _tag: "Killed", because: "memory", stdout: "so far\n" })
        }
        const source = "const held = new Uint8Array(30 << 20).fill(1)\nconsole.log(held.length)"
        assert.strictEqual((yield* run(source, { memoryMegabytes: 48 })).stdout, `${30 << 20}\n`)
      })
    )

    it.effect("is killed in a loop that no interpreter's own deadline would end, and what it said is kept", () =>
      Effect.gen(function* () {
        for (const source of ["for (;;);", ";/(a+)+b/.test('a'.repeat(64))", "new Array(1 << 24).fill(0).sort()"]) {
          const outcome = yield* run(`console.log("so far")\n${source}`, { wallMillis: 300 })
          assert.deepInclude(outcome, { _tag: "Killed", because: "time", stdout: "so far\n" })
          assert.isAtMost(outcome.millis, 1300)
        }
      })
    )

    it.effect.skipIf(!("cpuUsage" in Worker.prototype))("is killed when it has used up its processor time", () =>
      Effect.map(run("console.log('so far')\nfor (;;);", { cpuSeconds: 1, wallMillis: 60_000 }), (outcome) =>
        assert.deepInclude(outcome, { _tag: "Killed", because: "time", stdout: "so far\n" })
      )
    )

    it.effect("writes no more than it may, whatever it catches", () =>
      Effect.gen(function* () {
        const source = "for (;;) { try { console.log('é'.repeat(33)) } catch {} }"
        const outcome = yield* run(source, { outputBytes: 1001 })
        assert.deepInclude(outcome, { _tag: "Killed", because: "output" })
        assert.strictEqual(Buffer.byteLength(outcome.stdout), 1000)
      })
    )

    it.effect("finds nothing of the program before it, nor of ours", () =>
      Effect.gen(function* () {
        yield* run("globalThis.left = 1; Object.prototype.left = 1; Array.prototype.map = null")
        const names = "left process fetch setTimeout __write Worker WebAssembly std os navigator".split(" ")
        const { stdout } = yield* run(
          `console.log([${names.map((name) => `typeof ${name}`)}].join(), typeof [].left, typeof [].map)
console.log(typeof globalThis.constructor.constructor("return this")().process)`
        )
        assert.strictEqual(stdout, `${names.map(() => "undefined")} undefined function\nundefined\n`)
      })
    )

    it.effect("runs beside others, each with its own output", () =>
      Effect.gen(function* () {
        const numbers = [1, 2, 3, 4, 5, 6, 7, 8]
        const outs = yield* Effect.forEach(numbers, (i) => run(`console.log(${i})`), { concurrency: 8 })
        assert.deepStrictEqual(
          outs.map(({ stdout }) => Number(stdout)),
          numbers
        )
      })
    )

    it.effect("is stopped when nobody waits any more, and the next one runs", () =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(run("for (;;);", { wallMillis: 60_000 }))
        yield* Effect.sleep(200)
        yield* Fiber.interrupt(fiber)
        assert.strictEqual((yield* run("console.log(1)")).stdout, "1\n")
      })
    )

    it.effect("leaves an outcome that is plain data, also where its text is none", () =>
      Effect.gen(function* () {
        for (const source of ["console.log('\\ud800')", "for (;;) console.log('é')"]) {
          const outcome = yield* run(source)
          const written = JSON.stringify(yield* Schema.encodeEffect(Outcome.Outcome)(outcome))
          assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Outcome.Outcome)(JSON.parse(written)), outcome)
          assert.isTrue(outcome.stdout.isWellFormed())
        }
      })
    )

    it.effect("is not Python, and says so", () =>
      Effect.map(Effect.flip(run("print(1)", {}, "python")), (error) => {
        assert.strictEqual(error._tag, "SandboxUnavailable")
        assert.include(error.message, "JavaScript and TypeScript only")
      })
    )
  })

  it.effect("is killed in time though the clock of a test stands still", () =>
    Effect.map(run("for (;;);", { wallMillis: 200 }), (outcome) =>
      assert.deepInclude(outcome, { _tag: "Killed", because: "time" })
    ).pipe(Effect.provide(QuickJs.layer()))
  )
})
