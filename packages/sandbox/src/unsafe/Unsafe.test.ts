import { existsSync, readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Attacks, CodeRunner, type Program, Unsafe } from "../index.ts"

const run = (program: Program.Program) => Effect.flatMap(CodeRunner, (runner) => runner.run(program))

describe("without a jail", () => {
  it.layer(Unsafe.layer, { excludeTestServices: true })((it) => {
    // what the attacks do is real, or a jail that stops them would prove nothing
    for (const name of ["network", "environment", "file", "home", "write", "link", "proc", "signal"] as const) {
      it.effect(`a program can ${Attacks.names[name]}`, () =>
        Effect.map(Attacks.attack("javascript", name), ({ broken, outcome }) => {
          if (name !== "proc" || existsSync("/proc")) assert.isDefined(broken, outcome.stdout)
        })
      )
    }

    it.effect("time and output are limited, and what the program started is ended too", () =>
      Effect.gen(function* () {
        const hanging = `console.log("so far")
require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })`
        const outcome = yield* run({ language: "javascript", source: hanging, limits: { wallMillis: 1500 } })
        assert.deepInclude(outcome, { _tag: "Killed", because: "time", stdout: "so far\n" })
        assert.isAtMost(outcome.millis, 2000)
        const flood = yield* run({ language: "javascript", source: "setInterval(() => console.log('x'.repeat(9999)))" })
        assert.deepInclude(flood, { _tag: "Killed", because: "output" })
        assert.strictEqual(flood.stdout.length, 64 * 1024)
      })
    )

    it.effect("it ends with its own exit code, hears what it is given, and leaves no file", () =>
      Effect.gen(function* () {
        const source = "process.stdout.write(require('fs').readFileSync(0, 'utf8')); process.exitCode = 7"
        const outcome = yield* run({ language: "javascript", source, stdin: "☃" })
        assert.deepInclude(outcome, { _tag: "Exited", code: 7, stdout: "☃" })
        const typed = yield* run({ language: "typescript", source: "enum A { B = 2 }; console.log(A.B as number)" })
        assert.deepInclude(typed, { _tag: "Exited", code: 0, stdout: "2\n" })
        assert.isEmpty(readdirSync(tmpdir()).filter((name) => name.startsWith("backprose-unsafe-")))
      })
    )
  })
})
