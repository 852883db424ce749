import { assert, describe, it } from "@effect/vitest"
import * as Report from "./Report.ts"
import { share, words } from "./TestRun.ts"

const tests = ["one", "two", "three"]
const marks = tests.map((test) => ({ passed: `well-${test}`, failed: `ill-${test}` }))
const line = (test: number, message?: string) => {
  const { failed, passed } = marks[test]!
  return `\n${message === undefined ? passed : failed + JSON.stringify(message)}\n`
}
const exited = (stdout: string, stderr = "", code = 0) =>
  Report.read({ _tag: "Exited", stdout, stderr, millis: 1, code }, { marks, tests })
const killed = (because: "time" | "memory" | "output" | "signal", stdout: string) =>
  Report.read({ _tag: "Killed", stdout, stderr: "", millis: 1, because }, { marks, tests })
const passed = (runs: ReturnType<typeof exited>) => runs.map((run) => run.passed)

describe("the report of a program of tests", () => {
  it("has one result a test, in their order, whatever the code printed between", () => {
    const runs = exited(`hello${line(0)}well-tw\nwell${line(1, "got 1, expected 2")}bye${line(2)}`)
    assert.deepStrictEqual(runs, [
      { test: "one", passed: true, message: "" },
      { test: "two", passed: false, message: "got 1, expected 2" },
      { test: "three", passed: true, message: "" }
    ])
    assert.strictEqual(share(runs), 2 / 3)
    assert.strictEqual(words(runs), "- passed: one\n- failed, got 1, expected 2: two\n- passed: three")
  })

  it("takes a test that was not reached for failed, and says at which test the program ended", () => {
    const runs = exited(line(0))
    assert.deepStrictEqual(passed(runs), [true, false, false])
    assert.include(runs[1]!.message, "ended in this test, with exit code 0")
    assert.include(runs[2]!.message, "not run")
    for (const because of ["time", "memory", "output", "signal"] as const) {
      const [first, second, third] = killed(because, line(0))
      assert.isTrue(first!.passed)
      assert.notInclude(second!.message, "not run")
      assert.include(third!.message, `not run: before, ${second!.message}`)
    }
  })

  it("takes the name of the error from what a program that never ran wrote", () => {
    const runs = exited("", "file.js:3\n  ^\nSyntaxError: Unexpected token\n    at somewhere\n", 1)
    assert.deepStrictEqual(passed(runs), [false, false, false])
    assert.strictEqual(runs[0]!.message, "SyntaxError: Unexpected token")
  })

  it("lets a test pass by its own mark alone: what else is printed can only do harm", () => {
    for (const stdout of [
      line(0) + line(0),
      `${line(0)}\nill-two""\n`,
      `${line(0)}\n well-two\nwell-two!\nwell-TWO\nWELL-two\n`,
      `${line(0)}\nill-two"passed"\nwell-\n`,
      `${line(0)}\nill-twoill-two\n`
    ]) {
      const runs = exited(stdout)
      assert.deepStrictEqual(passed(runs), [true, false, false], stdout)
      for (const { message, passed } of runs) assert.strictEqual(message === "", passed)
    }
  })

  it("leaves out where an object lay in memory, so that equal runs say the same", () => {
    const [run] = exited(line(0, "got <solution.A object at 0x7f3e57d43d00>, expected 1"))
    assert.strictEqual(run!.message, "got <solution.A object>, expected 1")
  })

  it("does not count a line that was cut off, at whatever character", () => {
    const whole = line(0) + line(1)
    for (let end = line(0).length; end < whole.length; end++) {
      assert.deepStrictEqual(passed(killed("time", whole.slice(0, end))), [true, false, false])
    }
  })
})
