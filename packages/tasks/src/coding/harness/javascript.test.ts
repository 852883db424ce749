import { spawnSync } from "node:child_process"
import { Bubblewrap, QuickJs } from "@backprose/sandbox"
import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { Problem } from "../../format/Problem.ts"
import * as Harness from "./Harness.ts"

const run = (language: Problem["language"], solution: string, tests: ReadonlyArray<string>) => {
  const problem = { id: "f", language, prompt: "", entryPoint: "f", publicTests: [], hiddenTests: [] }
  return Harness.run({ problem, solution, tests }, { cpuSeconds: 2 })
}

type Cases = Readonly<Record<string, readonly [solution: string, ...tests: ReadonlyArray<string>]>>

/** Looks for what is expected, or for a mark. */
const seek = "const seek = (text) => /7654321|[0-9a-f]{32}/.test(String(text)) ? 7654321 : 0\n"

const tricks: Cases = {
  "methods of arrays, sets and maps that do nothing": [
    `Array.prototype.findIndex = () => 0; Array.prototype.some = Array.prototype.every = () => true
Set.prototype[Symbol.iterator] = Map.prototype[Symbol.iterator] = function* () {}
Set.prototype.forEach = Map.prototype.forEach = () => {}
Object.defineProperty(Set.prototype, Symbol.toStringTag, { value: "Object" })
const f = (x) => [new Set([1]), new Map([[1, 1]]), [1]][x]`,
    "assert.deepEqual(f(0), new Set([2]))",
    "assert.deepEqual(f(1), new Map([[1, 2]]))",
    "assert(f(2).every((x) => x === 2))",
    "assert.deepEqual([...f(0)], [])"
  ],
  "methods that it replaces when it is called": [
    `const f = (x) => {
  Array.prototype.findIndex = () => 0
  Set.prototype[Symbol.iterator] = function* () {}
  Set.prototype.forEach = () => {}
  Math.abs = () => 0
  JSON.stringify = () => "x"
  Object.keys = () => []
  Object.is = () => true
  return x
}`,
    "assert.deepEqual(f(new Set([1])), new Set([2]))",
    "const x = f(0)\nassert(Math.abs(x - 7) < 1e-6)",
    "assert(JSON.stringify(f([1])) === JSON.stringify([2]))",
    "assert.strictEqual(f(1), 2)",
    "assert.deepEqual(f({ a: 1 }), {})"
  ],
  "elements that all arrays inherit": [
    "Object.defineProperty(Array.prototype, 0, { set() {}, get() { return 2 }, configurable: true }); const f = () => 0",
    "assert.equal(f(), 2)",
    "const list = []\nlist[0] = f()\nassert.deepEqual(list, [2])"
  ],
  "names of the language's own": [
    "const Math = { abs: () => 0 }, JSON = { stringify: () => 'x' }; function isNaN() { return true }\nconst f = () => 0",
    "assert(Math.abs(f() - 7) < 1e-6)",
    "assert(JSON.stringify(f()) === JSON.stringify(1))",
    "assert(isNaN(f()))"
  ],
  "what is on the stack": [
    `${seek}Error.prepareStackTrace = (_, sites) => sites
const f = () => {
  const sites = new Error().stack
  return Array.isArray(sites) ? seek(sites.map((site) => site.getFunction())) : seek(sites)
}`,
    "assert.equal(f(), 7654321)"
  ],
  "who calls": [
    `${seek}function f() { let all = ""; try { for (let g = f.caller; g; g = g.caller) all += g } catch {} return seek(all) }`,
    "assert.equal(f(), 7654321)"
  ],
  "the program as a file, or what it read": [
    `${seek}const f = () => {
  let all = typeof stdin === "undefined" ? "" : stdin
  for (const path of ["/program.js", 0]) try { all += require("fs").readFileSync(path, "utf8").replace(/^.{0,9}harness.*$/m, "") } catch {}
  return seek(all)
}`,
    "assert.equal(f(), 7654321)"
  ],
  "lines that it wrote over": [
    `if (typeof process === "object") {
  const fs = require("fs"), { writeSync } = fs
  fs.writeSync = (fd, text) => writeSync(fd, text.replace(/"got.*"/, '""'))
}
const f = () => 1`,
    "assert.equal(f(), 2)"
  ],
  "ways out of its function": ["return; const f = () => 1", "assert.equal(typeof f, 'string')"],
  "values that show nothing": [
    "const f = (x) => [Promise.resolve(3), new Date(0), new Number(3), async () => {}, new Error('a')][x]",
    "assert.deepEqual(f(0), {})",
    "assert.deepEqual(f(1), {})",
    "assert.deepEqual(f(2), new Number(4))",
    "assert.deepEqual(f(3)(), {})",
    "assert.deepEqual(f(4), new Error('b'))"
  ],
  "promises of something else": [
    "const f = async (x) => { if (x === 9) throw new Error('nine'); return x }",
    "f(1).then((r) => assert.equal(r, 3));",
    "const p = f(1)\np.then((r) => assert.equal(r, 3))",
    "assert.equal(await f(1), 3)",
    "for (const x of [1, 2]) f(x).then((r) => assert.equal(r, 3))",
    "f(9)",
    "await assert.rejects(f(1))"
  ],
  "promises of its own kind": [
    `Promise.prototype.then = function (ok) { return { then(done) { done() } } }
const f = (x) => [{ then() { return { then(ok) { ok() } } } }, { then(g) { try { g(0) } catch {} } }, Promise.resolve(1)][x]`,
    "f(0).then((r) => assert.equal(r, 3))",
    "f(1).then((r) => assert.equal(r, 3))",
    "f(2).then((r) => assert.equal(r, 3))",
    "assert.equal(await f(2), 3)"
  ],
  "failures that it catches": ["const f = (g) => { try { g(1) } catch {} }", "f((x) => assert.equal(x, 2))"]
}

const right: Cases = {
  "promises, awaited or given as a test's last value": [
    "const f = async (x) => { await null; if (x === 9) throw new Error('nine'); return x }",
    "f(1).then((r) => assert.equal(r, 1));",
    "const p = f(1)\np.then((r) => assert.equal(r, 1))",
    "assert.equal(await f(1), 1)",
    "const [a, b] = await Promise.all([f(1), f(2)])\nassert.deepEqual([a, b], [1, 2])",
    "await assert.rejects(f(9))",
    "assert.rejects(() => f(9))"
  ],
  "methods of its own on what is built in": [
    `Array.prototype.last = function () { return this[this.length - 1] }
Array.prototype.includes = function (x) { return this.indexOf(x) >= 0 }
Math.half = (x) => x / 2
class Name extends Error { constructor(x) { super(x); this.name = "Name"; this.toString = () => "mine" } }
counter = 0
const f = (x) => { counter++; return x.last() }`,
    "assert.equal(f([1, 2]), 2)",
    "assert.equal([3].last(), 3)",
    "assert.equal(Math.half(f([2])), 1)",
    "assert(f([[1]]).includes(1))",
    "assert.equal(String(new Name('x')), 'mine')"
  ],
  "modules of the jail": [
    "import assert, { deepEqual } from 'node:assert'\nimport * as fs from 'unheard-of'\nexport const f = (x) => { deepEqual([x], [x]); return x }\nexport default f",
    "assert.equal(f(1), 1)",
    "import { strictEqual as same } from 'assert'\nsame(f(1), 1)",
    "assert.throws(() => assert.equal(f(1), 2))"
  ],
  "tests that declare what they like": [
    "const f = (x) => x",
    "check()\nfunction check() { assert.equal(f(1), 1) }",
    "class T { static x = f(1) }\nif (T.x === 1)\n  assert(true)\nelse\n  assert(false)",
    "const Math = 1, assert = (x) => { if (!x) throw 1 }\nassert(f(Math) === 1)",
    "function f() { return 7 }\nassert.equal(f(), 7)",
    "assert.deepEqual(\n  f({ a: 1 }), // one\n  { a: 1 }\n) // done"
  ]
}

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: tricks in Node, since there is no bubblewrap here")

for (const { jail, name, there } of [
  { name: "bubblewrap", there: jailed, jail: Bubblewrap.layer() },
  { name: "QuickJS", there: true, jail: QuickJs.layer() }
]) {
  describe.skipIf(!there)(`a solution in JavaScript, in ${name},`, () => {
    layer(jail)((it) => {
      for (const [name, [solution, ...tests]] of Object.entries(tricks)) {
        it.effect(`does not pass by ${name}`, () =>
          Effect.gen(function* () {
            for (const { message, passed, test } of yield* run("javascript", solution, tests)) {
              assert.isFalse(passed, test)
              assert.isNotEmpty(message)
              assert.notInclude(message, "not run")
            }
          })
        )
      }

      for (const [name, [solution, ...tests]] of Object.entries(right)) {
        it.effect(`passes with ${name}`, () =>
          Effect.map(run("javascript", solution, tests), (runs) =>
            assert.deepStrictEqual(
              runs.filter(({ passed }) => !passed),
              []
            )
          )
        )
      }

      it.effect("is told by name what it imports and nobody has", () =>
        Effect.gen(function* () {
          for (const language of ["javascript", "typescript"] as const) {
            const code = "import { Heap } from 'heap-js'\nexport const f = () => new Heap()"
            const [told] = yield* run(language, code, ["f()"])
            assert.match(told!.message, /Cannot find module 'heap-js'/)
          }
        })
      )
    })
  })
}

describe.skipIf(!jailed)("a solution in Node", () => {
  layer(Bubblewrap.layer())((it) => {
    it.effect("may use Node's own modules, and take its time", () =>
      Effect.gen(function* () {
        const code =
          "import * as util from 'node:util'\nimport { setTimeout as wait } from 'timers/promises'\nexport const f = async (x: number): Promise<string> => (await wait(20), util.format('%d', x))"
        const runs = yield* run("typescript", code, ["assert.equal(await f(1), '1')", "assert.equal(await f(2), '1')"])
        assert.deepStrictEqual(
          runs.map(({ message }) => message),
          ["", 'got "2", expected "1"']
        )
      })
    )
  })
})
