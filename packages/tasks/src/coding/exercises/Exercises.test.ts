import { spawnSync } from "node:child_process"
import { Bubblewrap } from "@backprose/sandbox"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import * as Harness from "../harness/Harness.ts"
import * as Exercises from "./Exercises.ts"

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: the references of the exercises, since there is no bubblewrap here")
const languages = ["python", "javascript"] as const

describe("the exercises", () => {
  it("are twenty, the same in both languages, each with two public tests and six to eight hidden ones", () => {
    const [python, javascript] = languages.map(Exercises.all)
    assert.strictEqual(python!.length, 20)
    assert.deepStrictEqual(
      python!.map(({ entryPoint }) => entryPoint),
      javascript!.map(({ entryPoint }) => entryPoint)
    )
    for (const problem of [...python!, ...javascript!]) {
      assert.strictEqual(problem.publicTests.length, 2)
      assert.isTrue(problem.hiddenTests.length >= 6 && problem.hiddenTests.length <= 8, problem.id)
      const all = [...problem.publicTests, ...problem.hiddenTests]
      assert.strictEqual(new Set(all).size, all.length, problem.id)
      // what is shown to a model gives no hidden test away
      for (const test of problem.hiddenTests) assert.notInclude(problem.prompt, test)
    }
  })

  it("write each case in the language of the problem", () => {
    const flatten = (language: Exercises.Language) =>
      Exercises.all(language)
        .find(({ entryPoint }) => entryPoint === "flatten")!
        .hiddenTests.at(-1)
    assert.strictEqual(flatten("python"), "assert flatten([0, [None, False]]) == [0, None, False]")
    assert.strictEqual(flatten("javascript"), "assert.deepStrictEqual(flatten([0,[null,false]]), [0,null,false])")
    const fold = (language: Exercises.Language) =>
      Exercises.all(language).find(({ entryPoint }) => entryPoint === "fold")!.prompt
    assert.match(fold("python"), /^def fold\(text: str, width: int\) -> list:\n {4}"""Breaks/)
    assert.match(fold("javascript"), /\*\/\nfunction fold\(text, width\) \{\n$/)
  })
})

describe.skipIf(!jailed)("the references of the exercises", () => {
  layer(Bubblewrap.layer())((it) => {
    for (const language of languages) {
      it.effect(`pass all tests in ${language}`, () =>
        Effect.gen(function* () {
          // their names differ, so all of them are one program
          const all = Exercises.all(language)
          const solution = all.map(({ reference }) => reference).join("\n")
          const tests = all.flatMap(({ hiddenTests, publicTests }) => [...publicTests, ...hiddenTests])
          const runs = yield* Harness.run({ problem: all[0]!, solution, tests })
          assert.isAbove(runs.length, 160)
          assert.deepStrictEqual(
            runs.filter(({ passed }) => !passed),
            []
          )
        })
      )
    }
  })
})
