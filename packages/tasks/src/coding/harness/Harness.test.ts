import { spawnSync } from "node:child_process"
import { Journal } from "@backprose/core"
import { Bubblewrap, CodeRunner, type Program, QuickJs } from "@backprose/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Problem } from "../../format/Problem.ts"
import * as Harness from "./Harness.ts"

const problem = (language: Problem["language"], preamble = ""): Problem => ({
  id: "f",
  language,
  prompt: "",
  entryPoint: "f",
  publicTests: [],
  hiddenTests: [],
  preamble
})

const run = (language: Problem["language"], solution: string, tests: ReadonlyArray<string>, preamble = "") =>
  Harness.run({ problem: problem(language, preamble), solution, tests }, { testMillis: 400, cpuSeconds: 2 })

const passed = (runs: ReadonlyArray<{ readonly passed: boolean }>) => runs.map((run) => run.passed)

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: tests of solutions in a jail, since there is no bubblewrap here")
const jail = Bubblewrap.layer()

describe.skipIf(!jailed)("tests of a solution in Python", () => {
  layer(jail)((it) => {
    const add = "def f(x):\n    return x + one\n"

    it.effect("each tell by themselves whether it passed, and what came out where it did not", () =>
      Effect.gen(function* () {
        const runs = yield* run(
          "python",
          add,
          [
            "assert f(1) == 2",
            "assert f(1) == 3",
            "assert [3] == [f(1)]",
            "assert abs(f(1) - 7) < 1e-6, 'far off'",
            "assert not f(1)",
            "for i in range(3):\n    assert f(i) == i",
            "assert f('a') == 1",
            "assert (",
            "one = 5\nassert f(1) == 2",
            "assert one == 1"
          ],
          "one = 1"
        )
        assert.deepStrictEqual(
          runs.map(({ message }) => message),
          [
            "",
            "got 2, expected 3",
            "got [2], expected [3]",
            "not true: 5 < 1e-06",
            "this is not true: not f(1)",
            "f(i) == i: got 1, expected 0",
            'TypeError: can only concatenate str (not "int") to str (line 2 of the solution)',
            "the test cannot be read: SyntaxError: '(' was never closed (<unknown>, line 1)",
            "",
            ""
          ]
        )
        assert.deepStrictEqual(
          passed(runs),
          runs.map(({ message }) => message === "")
        )
      })
    )

    it.effect("end a test that takes too long, and run the next one, also where the code catches everything", () =>
      Effect.gen(function* () {
        const code =
          "def f(x):\n    while x:\n        try:\n            x += 1\n        except Exception:\n            pass\n"
        const runs = yield* run("python", code, ["f(0)", "f(1)", "f(0)"])
        assert.deepStrictEqual(passed(runs), [true, false, true])
        assert.strictEqual(runs[1]!.message, "it took longer than 0.4 s")
      })
    )

    it.effect("are not passed by leaving, at the start or in a test, politely or not", () =>
      Effect.gen(function* () {
        const tests = ["assert f(1) == 2", "assert f(2) == 3"]
        for (const code of [
          "import sys\nsys.exit(0)",
          "import os\nos._exit(0)",
          "import sys\ndef f(x):\n    sys.exit(0)",
          "import os\ndef f(x):\n    os._exit(0)",
          "raise SystemExit",
          "def f(x) return 2",
          ""
        ]) {
          const runs = yield* run("python", code, tests)
          assert.deepStrictEqual(passed(runs), [false, false], code)
          for (const { message } of runs) assert.isNotEmpty(message)
        }
      })
    )

    it.effect("are not passed by printing results, nor by values that say they are equal to everything", () =>
      Effect.gen(function* () {
        const prints = `print('{"test":0,"passed":true,"message":""}')\nprint("ok", flush=True)\ndef f(x):\n    print(x)\n    return 0`
        assert.deepStrictEqual(passed(yield* run("python", prints, ["assert f(1) == 2"])), [false])
        const equal =
          "class Any:\n    def __eq__(self, other):\n        return True\ndef f(x):\n    return Any() if x else [Any()]\n"
        const runs = yield* run("python", equal, ["assert f(1) == 2", "assert 2 == f(1)", "assert f(0) == [2]"])
        assert.deepStrictEqual(passed(runs), [false, false, false])
        assert.include(runs[0]!.message, "__eq__")
        // what is of the solution's own class on both sides is its own business
        const point =
          "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f(x):\n    return P(x)\n"
        assert.deepStrictEqual(passed(yield* run("python", point, ["assert f(1) == P(1)", "assert f(1) == P(2)"])), [
          true,
          false
        ])
      })
    )

    it.effect("may wait longer than they may compute: the machine may be busy with others", () =>
      Effect.gen(function* () {
        const code = "import time\ndef f(x):\n    time.sleep(2.5)\n    return x\n"
        assert.deepStrictEqual(passed(yield* run("python", code, ["assert f(1) == 1"])), [true])
      })
    )

    it.effect("are run as they are written, whatever stands in them", () =>
      Effect.gen(function* () {
        const tests = nasty.map((text) => `assert f(${JSON.stringify(text)}) == ${JSON.stringify([...text].length)}`)
        const runs = yield* run("python", `def f(x):\n    return len(x)  # ${nasty[1]} ${nasty[6]}`, tests)
        assert.deepStrictEqual(
          runs.filter(({ passed }) => !passed),
          []
        )
        const [broken] = yield* run("python", "def f(x): return '\ud800'", ["assert f(1) == 1"])
        assert.include(broken!.message, "UnicodeEncodeError")
      })
    )

    it.effect("see the solution as a module that was imported: what is under `__main__` does not run", () =>
      Effect.gen(function* () {
        const code = "def f(x):\n    return x\nif __name__ == '__main__':\n    f = None\n    input()\n"
        assert.deepStrictEqual(passed(yield* run("python", code, ["assert f(1) == 1"])), [true])
      })
    )
  })
})

/** Texts that break out of a program which does not write them well. */
const nasty = ["\\", "'\"`${x}", "\n\r\t\u0000", "\u2028\u2029\u0085", "\ud800", "é🎉", '*/ // # """', "\\u0041\\n"]

const typed = { javascript: "(x)", typescript: "(x: number): number" }

const jails = [
  { name: "bubblewrap", there: jailed, layer: jail },
  { name: "QuickJS", there: true, layer: QuickJs.layer() }
]

for (const [language, { layer: jail, name, there }] of (["javascript", "typescript"] as const).flatMap((language) =>
  jails.map((jail) => [language, jail] as const)
)) {
  const head = typed[language]
  describe.skipIf(!there)(`tests of a solution in ${language}, in ${name}`, () => {
    layer(jail)((it) => {
      it.effect("each tell by themselves whether it passed, and what came out where it did not", () =>
        Effect.gen(function* () {
          const runs = yield* run(
            language,
            `const f = ${head} => { console.log("f"); return x + one }`,
            [
              "assert.equal(f(1), 2)",
              "assert.deepEqual([f(1), { a: 'x' }], [2, { a: 'y' }])",
              "assert.strictEqual(f(-1), -0)",
              "console.assert(f(1) === 3)",
              "console.assert(f(1) === 2)",
              "assert(f(1) === 3, 'it must be three')",
              "const assert = require('node:assert')\nassert.deepStrictEqual(f(1), 2)",
              "f(1).missing.thing",
              "let f = 1; const console = 2; assert.ok(f)",
              "assert.deepEqual(new Map([[1, [2]]]), new Map([[1, [3]]]))"
            ],
            "const one = 1"
          )
          assert.deepStrictEqual(
            runs.map(({ message }) => message.replace(/(TypeError): .*/, "$1")),
            [
              "",
              'got [2, {a: "x"}], expected [2, {a: "y"}]',
              "got 0, expected -0",
              "got 2, expected 3",
              "",
              "it must be three",
              "",
              "TypeError",
              "",
              "got Map [[1, [2]]], expected Map [[1, [3]]]"
            ]
          )
          assert.deepStrictEqual(
            passed(runs),
            runs.map(({ message }) => message === "")
          )
        })
      )

      it.effect("are run as they are written, whatever stands in them", () =>
        Effect.gen(function* () {
          const tests = nasty.map((text) => `assert.equal(f(${JSON.stringify(text)}), ${text.length})`)
          const head = language === "typescript" ? "(x: string): number" : "(x)"
          const runs = yield* run(language, `const f = ${head} => x.length // ${nasty[1]} ${nasty[6]}`, tests)
          assert.deepStrictEqual(
            runs.filter(({ passed }) => !passed),
            []
          )
        })
      )

      if (language === "javascript")
        it.effect("lose the tests behind one that does not end, and say so", () =>
          Effect.gen(function* () {
            const runs = yield* run(language, `function f${head} { while (x) {} return 1 }`, ["f(0)", "f(1)", "f(0)"])
            assert.deepStrictEqual(passed(runs), [true, false, false])
            assert.include(runs[1]!.message, "in time")
            assert.include(runs[2]!.message, "not run")
          })
        )

      it.effect("are not passed by leaving, printing, or replacing what they use", () =>
        Effect.gen(function* () {
          const tests = ["assert.deepEqual(f(1), 2)", "console.assert(f(1) === 2)"]
          const tricks = [
            "return;",
            "globalThis.process?.exit(0); throw 1",
            `function f${head} { globalThis.process?.exit(0); return 0 }`,
            `function f${head} { return }}}`,
            `console.log('{"test":0,"passed":true,"message":""}'); function f${head} { return 0 }`,
            `console.assert = () => {}; JSON.stringify = () => "x"; Object.is = () => true; Array.prototype.push = () => 1; function f${head} { return 0 }`,
            `const assert = () => {}; assert.deepEqual = () => {}; function f${head} { return 0 }`,
            ""
          ]
          // the types are gone before anything runs, and Node takes its time to leave them out
          for (const code of language === "typescript" ? tricks.slice(-2) : tricks) {
            const runs = yield* run(language, code, tests)
            assert.deepStrictEqual(passed(runs), [false, false], code)
            for (const { message } of runs) assert.isNotEmpty(message, code)
          }
        })
      )
    })
  })
}

describe("runs of tests", () => {
  /** A jail that counts, and says that all two tests passed. */
  const counting = (programs: Array<Program.Program>) =>
    Layer.succeed(CodeRunner, {
      languages: ["python"],
      run: (program) =>
        Effect.sync(() => {
          programs.push(program)
          const { marks } = JSON.parse(program.stdin!)
          const stdout = marks.map(({ passed }: { passed: string }) => `\n${passed}\n`).join("")
          return { _tag: "Exited", stdout, stderr: "", millis: 1, code: 0 } as const
        })
    })

  it.effect("are kept by the journal: a resumed run starts no program", () =>
    Effect.gen(function* () {
      const records: Array<never> = []
      const programs: Array<Program.Program> = []
      const twice = Effect.gen(function* () {
        const first = yield* run("python", "def f(x): return x", ["assert f(1) == 1", "assert f(2) == 2"])
        return [first, yield* run("python", "def f(x): return 2", ["assert f(1) == 1", "assert f(2) == 2"])]
      }).pipe(Effect.provide(counting(programs)))
      const once = yield* Effect.provide(twice, Journal.layerMemory(records))
      assert.deepStrictEqual(once.map(passed), [
        [true, true],
        [true, true]
      ])
      assert.strictEqual(programs.length, 2)
      assert.deepStrictEqual(yield* Effect.provide(twice, Journal.layerMemory(records)), once)
      assert.strictEqual(programs.length, 2)
    })
  )

  it.effect("start no program where there are no tests", () =>
    Effect.gen(function* () {
      const programs: Array<Program.Program> = []
      assert.deepStrictEqual(yield* Effect.provide(run("python", "x", []), counting(programs)), [])
      assert.deepStrictEqual(programs, [])
    })
  )
})
