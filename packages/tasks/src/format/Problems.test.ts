import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { Bubblewrap } from "@backprose/sandbox"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { isThere, published } from "../../fixture/published.ts"
import * as Solution from "../coding/Solution.ts"
import * as Tests from "../coding/Tests.ts"
import * as HumanEval from "./HumanEval.ts"
import * as HumanEvalX from "./HumanEvalX.ts"
import * as LeetCodeHard from "./LeetCodeHard.ts"
import * as Mbpp from "./Mbpp.ts"
import * as Mbxp from "./Mbxp.ts"
import * as MultiplE from "./MultiplE.ts"
import type { Problem } from "./Problem.ts"
import type { Reader } from "./Reader.ts"

const layer = NodeFileSystem.layer

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: a reply in LeetCode's form, since there is no bubblewrap here")

const written = Effect.fnUntraced(function* (rows: ReadonlyArray<object>) {
  const fs = yield* FileSystem.FileSystem
  const file = join(yield* fs.makeTempDirectoryScoped(), "problems.jsonl")
  yield* fs.writeFileString(file, rows.map((row) => JSON.stringify(row)).join("\n"))
  return file
}, Effect.orDie)

const read = (reader: Reader<Problem>, ...rows: ReadonlyArray<object>) =>
  Effect.scoped(Effect.flatMap(written(rows), reader))

const head = `from math import pi\n\n\ndef half(n):\n    return n / 2\n\n\n`

const described = `def area(r: float) -> float:
    """ The area of a circle.
    >>> area(0)
    0.0
    >>> area(
    1)
    3.14
    >>> round(area(1))
    3
    >>> area(-1) == None
    True
    >>> area(2)
    """
`

describe("HumanEval", () => {
  const row = {
    task_id: "HumanEval/0",
    prompt: head + described,
    entry_point: "area",
    canonical_solution: "    return pi * r * r\n",
    test: `\nMETADATA = {'author': 'x'}\n\n\ndef check(candidate):\n    # first\n    assert candidate(0) == 0\n    assert [candidate(r) for r in [\n        0\n    ]] == [0]\n    assert True, "never printed"\n    assert True == (candidate(1) > 3)\n`
  }

  it.live("has its examples for public tests and the assertions of check for hidden ones", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(HumanEval.read, row), [
        {
          id: "HumanEval/0",
          language: "python",
          prompt: head + described,
          entryPoint: "area",
          publicTests: ["assert area(0) == 0.0", "assert area(-1) == None"],
          hiddenTests: [
            "assert area(0) == 0",
            "assert [area(r) for r in [\n    0\n]] == [0]",
            "assert True == (area(1) > 3)"
          ],
          preamble: "from math import pi\n\n\ndef half(n):\n    return n / 2",
          reference: `${described}    return pi * r * r\n`
        }
      ])
    }).pipe(Effect.provide(layer))
  )

  it.live("reads an example in each form that leaves nothing open, and no other", () =>
    Effect.gen(function* () {
      const shownBy = (lines: ReadonlyArray<string>, head = "def area(r):") =>
        Effect.map(
          read(HumanEval.read, {
            ...row,
            prompt: `${head}\n    """ The area.\n    ${lines.join("\n    ")}\n    """\n`
          }),
          ([problem]) => problem!.publicTests
        )
      for (const line of [
        "area([1, (2,)]) == {'a': -0.5}",
        "* area([1, (2,)]) => {'a': -0.5}",
        "area([1, (2,)]) ==> {'a': -0.5}   # a comment",
        "area([1, (2,)])-> {'a': -0.5}",
        "area([1, (2,)]) ➞ {'a': -0.5} ",
        "area([1, (2,)]) returns {'a': -0.5}",
        "area([1, (2,)]) # returns {'a': -0.5}",
        "area([1, (2,)]) should return {'a': -0.5}.",
        "for area([1, (2,)]) == {'a': -0.5}",
        "assert area([1, (2,)]) == {'a': -0.5}",
        ">>> area([1, (2,)]) == {'a': -0.5}",
        "For r = [1, (2,)], the result should be {'a': -0.5}",
        "For r = [1, (2,)] the output should be {'a': -0.5}",
        "Input: r = [1, (2,)]\n    Output: {'a': -0.5} # a comment",
        "Input: [1, (2,)]\n    Output: {'a': -0.5}"
      ]) {
        assert.deepStrictEqual(yield* shownBy([line]), ["assert area([1, (2,)]) == {'a': -0.5}"], line)
      }
      assert.deepStrictEqual(yield* shownBy(["area('a == 1') => true"]), ["assert area('a == 1') == True"])
      assert.deepStrictEqual(
        yield* shownBy(['For a = "x, b = 1", b = 2, the result should be 3'], "def area(a: str, b: int):"),
        ['assert area("x, b = 1", 2) == 3']
      )
      // nothing is read here, so the first assertion of check is public
      for (const line of [
        "area(1) = 2",
        "area(1) == 1 + 1",
        "area(1) == (2)",
        'area(1) == ""2"',
        "area(one) == 2",
        "area(1) returns two",
        "the area(1) == 2",
        ">>> area(1) == 2\n    False",
        "area(1), area(2) == 2",
        "other(1) == 2",
        "For r = 1 and more the output should be 2",
        "Input: r = x\n    Output: 2",
        "Input: 1, 2\n    Output: 2"
      ]) {
        assert.deepStrictEqual(yield* shownBy([line]), ["assert area(0) == 0"], line)
      }
    }).pipe(Effect.provide(layer))
  )

  it.live("without an example has its first assertion public and hides the others", () =>
    Effect.gen(function* () {
      const [problem] = yield* read(HumanEval.read, { ...row, prompt: 'def area(r):\n    """ The area. """\n' })
      assert.deepStrictEqual(problem?.publicTests, ["assert area(0) == 0"])
      assert.strictEqual(problem?.hiddenTests.length, 2)
    }).pipe(Effect.provide(layer))
  )

  it.live("keeps a check whole that is more than assertions", () =>
    Effect.gen(function* () {
      const test =
        "def check(candidate):\n    for r in range(9):\n        assert candidate(r) >= 0\n    assert candidate(0) == 0"
      const [problem] = yield* read(HumanEval.read, { ...row, prompt: described, test })
      assert.deepStrictEqual(problem?.hiddenTests, [`${test}\n\ncheck(area)`])
      assert.isFalse("preamble" in problem!)
    }).pipe(Effect.provide(layer))
  )
})

describe("HumanEval-X", () => {
  const declaration = "\nconst area = (r) => {\n"
  const row = {
    task_id: "JavaScript/0",
    prompt: `/* The area. */${declaration}`,
    declaration,
    canonical_solution: "  return Math.PI * r * r\n}\n",
    test: "const testArea = () => {\n  console.assert(area(0) === 0)\n  console.assert(\n    JSON.stringify([area(0)]) === '[0]'\n  )\n}\n\ntestArea()\n",
    example_test: "const testArea = () => {\n  console.assert(area(0) === 0)\n}\ntestArea()\n"
  }

  it.live("has its example test for public tests, and assertions that do raise", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(HumanEvalX.read, row), [
        {
          id: "JavaScript/0",
          language: "javascript",
          prompt: row.prompt,
          entryPoint: "area",
          publicTests: ["assert(area(0) === 0)"],
          hiddenTests: ["assert(area(0) === 0)", "assert(\n  JSON.stringify([area(0)]) === '[0]'\n)"],
          reference: "const area = (r) => {\n  return Math.PI * r * r\n}\n"
        }
      ])
      const whole = "const testArea = () => {\n  const zero = 0\n  console.assert(area(zero) === 0)\n}\n\ntestArea()"
      const helper = "\nconst half = (n) => {\n  return n / 2\n}\n\nconst area = (r) => {\n"
      const [other] = yield* read(HumanEvalX.read, { ...row, declaration: helper, test: whole, example_test: "" })
      assert.deepStrictEqual(other?.publicTests, [])
      assert.deepStrictEqual(other?.hiddenTests, [whole.replace("console.assert", "assert")])
      const [bare] = yield* read(HumanEvalX.read, { ...row, example_test: "" })
      assert.deepStrictEqual(bare?.publicTests, ["assert(area(0) === 0)"])
      assert.deepStrictEqual(bare?.hiddenTests, ["assert(\n  JSON.stringify([area(0)]) === '[0]'\n)"])
      assert.deepStrictEqual(other?.preamble, "const half = (n) => {\n  return n / 2\n}")
    }).pipe(Effect.provide(layer))
  )
})

describe("MultiPL-E", () => {
  it.live("has examples for public tests and its assertions for hidden ones", () =>
    Effect.gen(function* () {
      const row = {
        name: "HumanEval_0_area",
        language: "ts",
        prompt: `//The area.\n// >>> area(0)\n// 0\n// >>> area([1, 2])\n// [{"a": 1}]\nfunction area(r: number): number {\n`,
        tests:
          "declare var require: any;\nconst assert = require('node:assert');\n\n\nfunction test() {\n  let candidate = area;\n  assert.deepEqual(candidate(0),0);\n  assert.deepEqual(candidate([1]),[1]);\n}\n\ntest();",
        stop_tokens: ["\nclass"]
      }
      assert.deepStrictEqual(yield* read(MultiplE.read, row), [
        {
          id: "HumanEval_0_area",
          language: "typescript",
          prompt: row.prompt,
          entryPoint: "area",
          publicTests: ["assert.deepEqual(area(0), 0);", `assert.deepEqual(area([1, 2]), [{"a": 1}]);`],
          hiddenTests: ["assert.deepEqual(area(0),0);", "assert.deepEqual(area([1]),[1]);"]
        }
      ])
      const tests =
        "function test() {\n  let candidate = area;\n  let x = candidate(0);\n  assert.deepEqual(x,0);\n}\n\ntest();"
      const [other] = yield* read(MultiplE.read, { ...row, language: "js", tests })
      assert.deepStrictEqual([other?.language, other?.hiddenTests], ["javascript", [tests]])
    }).pipe(Effect.provide(layer))
  )
})

describe("MBPP", () => {
  const row = {
    task_id: 3,
    text: "Write a function.",
    code: "import math\ndef inner(x):\n  return x\ndef area(r):\n  return inner(r)",
    test_list: ["assert set(area(1)) == {1}", "assert area(2) == 2", "assert area(3) == 3"],
    test_setup_code: "",
    challenge_test_list: ["assert area(4) == 4"]
  }

  it.live("shows its first assertion and hides the others", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(Mbpp.read, row), [
        {
          id: "3",
          language: "python",
          prompt: row.text,
          entryPoint: "area",
          publicTests: [row.test_list[0]!],
          hiddenTests: ["assert area(2) == 2", "assert area(3) == 3", "assert area(4) == 4"],
          reference: row.code
        }
      ])
      const [setup] = yield* read(Mbpp.read, { ...row, test_setup_code: "root = 1\n" })
      assert.deepStrictEqual(setup?.publicTests, [`root = 1\n${row.test_list[0]}`])
      assert.strictEqual(setup?.hiddenTests[2], "root = 1\nassert area(4) == 4")
    }).pipe(Effect.provide(layer))
  )

  it.live("without tests is refused, by line and field", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(Mbpp.read, row, { ...row, test_list: [] }))
      assert.deepStrictEqual([error.line, error.field], [2, "test_list.0"])
    }).pipe(Effect.provide(layer))
  )
})

describe("MBXP", () => {
  it.live("has a case a test, of which the first is public", () =>
    Effect.gen(function* () {
      const one = (n: number) =>
        `let actual_${n} = area(${n});\nlet expected_${n} = ${n};\nassert.deepEqual(actual_${n}, expected_${n}, "no");`
      const row = {
        task_id: "MBTSP/1",
        language: "typescript",
        prompt: "import * as math from 'mathjs'\n\n/**\n * Area.\n */\nconst area = function (r: number) : number  {\n",
        entry_point: "area",
        canonical_solution: "  return r\n}",
        test: `\nimport * as assert from 'assert'\n\n${one(1)}\n\n${one(2)}\n\n`
      }
      const [problem] = yield* read(Mbxp.read, row)
      assert.deepStrictEqual([problem?.publicTests, problem?.hiddenTests], [[one(1)], [one(2)]])
      assert.strictEqual(
        problem?.reference,
        "import * as math from 'mathjs'\n\n/**\n * Area.\n */\nconst area = function (r: number) : number  {\n  return r\n}"
      )
      assert.isFalse("reference" in (yield* read(Mbxp.read, { ...row, canonical_solution: null }))[0]!)
    }).pipe(Effect.provide(layer))
  )
})

describe("LeetCode-Hard", () => {
  const row = {
    task_id: "pair-sum",
    prompt: `def pairSum(nums: List[int]) -> bool:\n    """\n    Whether.\n    """\n`,
    canonical_solution: "",
    test: "assert pairSum([1,2]) == True\nassert pairSum([]) == False",
    signature: "pairSum(nums: List[int]) -> bool:"
  }

  it.live("has public tests, and hidden ones from a file of the user's own alone", () =>
    Effect.gen(function* () {
      const file = yield* written([row])
      const [problem] = yield* LeetCodeHard.read(file)
      const { preamble, ...rest } = problem!
      for (const name of ["typing", "collections", "heapq", "itertools", "functools", "math", "bisect"])
        assert.include(preamble, `from ${name} import *`)
      assert.deepStrictEqual(rest, {
        id: "pair-sum",
        language: "python",
        prompt: row.prompt,
        entryPoint: "pairSum",
        publicTests: row.test.split("\n"),
        hiddenTests: []
      })
      const tests = { task_id: "pair-sum", test: "assert pairSum([3])\n" }
      const own = yield* written([tests])
      assert.deepStrictEqual((yield* LeetCodeHard.read(file, own))[0]?.hiddenTests, ["assert pairSum([3])"])
      const misnamed = yield* written([tests, { task_id: "pair_sum", test: "assert pairSum([4])" }])
      const error = yield* Effect.flip(LeetCodeHard.read(file, misnamed))
      assert.strictEqual(
        error.message,
        `${misnamed}: field "task_id": there is no problem "pair_sum" in problems.jsonl`
      )
    }).pipe(Effect.scoped, Effect.provide(layer))
  )

  it.live.skipIf(!jailed)("takes a reply in the site's own form, with what the site imports", () =>
    Effect.gen(function* () {
      const [problem] = yield* LeetCodeHard.read(yield* written([row]))
      const body = "return pow(len(Counter(nums)), 2, 5) > 0 and bisect.bisect(nums, gcd(4, 6)) == heappop([len(nums)])"
      const reply = `class Solution:\n    def pairSum(self, nums: List[int]) -> bool:\n        ${body}\n`
      assert.deepStrictEqual(yield* Tests.grade(Solution.of(reply, problem!), problem!), { score: 1, feedback: "" })
    }).pipe(Effect.scoped, Effect.provide(Layer.merge(layer, Bubblewrap.layer())))
  )
})

interface Counts {
  readonly problems: number
  readonly publicTests: number
  readonly hiddenTests: number
}

// as counted here; each test was also run against the published solution when this was written
const sets: ReadonlyArray<
  readonly [name: string, reader: Reader<Problem>, files: ReadonlyArray<string>, counts: Counts]
> = [
  ["humaneval-py", HumanEval.read, ["test-public"], { problems: 82, publicTests: 231, hiddenTests: 571 }],
  ["humaneval-x-js", HumanEvalX.read, ["test-public"], { problems: 82, publicTests: 237, hiddenTests: 592 }],
  ["multipl-e-humaneval-ts", MultiplE.read, ["test-public"], { problems: 81, publicTests: 231, hiddenTests: 578 }],
  ["multipl-e-humaneval-js", MultiplE.read, ["test-public"], { problems: 82, publicTests: 234, hiddenTests: 579 }],
  [
    "mbpp",
    Mbpp.read,
    ["prompt", "train", "val", "test-public"],
    { problems: 723, publicTests: 723, hiddenTests: 1454 }
  ],
  ["mbxp-ts", Mbxp.read, ["train", "val", "test-public"], { problems: 503, publicTests: 503, hiddenTests: 1006 }],
  ["formats", LeetCodeHard.read, ["leetcode-hard-synthetic"], { problems: 2, publicTests: 5, hiddenTests: 0 }]
]

describe("the problems of published sets:", () => {
  const there = isThere(published("humaneval-py"), "problems of published code sets")
  for (const [name, reader, files, counts] of sets) {
    it.live.skipIf(!there)(`${name} has ${counts.problems} problems, with the name that their tests call`, () =>
      Effect.gen(function* () {
        const problems = (yield* Effect.forEach(files, (file) => reader(published(name, `${file}.jsonl`)))).flat()
        const all = (which: "publicTests" | "hiddenTests") => problems.flatMap((problem) => problem[which])
        assert.deepStrictEqual(
          { problems: problems.length, publicTests: all("publicTests").length, hiddenTests: all("hiddenTests").length },
          counts
        )
        for (const { entryPoint, hiddenTests, id, publicTests, reference = entryPoint } of problems) {
          assert.isNotEmpty(publicTests, id)
          assert.match(entryPoint, /^\w+$/, id)
          for (const test of [...publicTests, ...hiddenTests]) assert.match(test, new RegExp(`\\b${entryPoint}\\b`), id)
          assert.match(reference, new RegExp(`\\b${entryPoint}\\b`), id)
        }
      }).pipe(Effect.provide(layer))
    )
  }
})
