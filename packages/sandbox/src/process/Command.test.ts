import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import * as Command from "./Command.ts"

const node = (source: string, more: Partial<Command.Command> = {}) =>
  Command.run({
    file: process.execPath,
    args: ["-e", source],
    env: {},
    stdin: "",
    wallMillis: 15_000,
    outputBytes: 1000,
    ...more
  })

/** What has ended, and nobody has asked how, has no command line any more. */
const isThere = (pid: number) =>
  Result.match(
    Result.try(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")),
    { onSuccess: (line) => line !== "", onFailure: () => false }
  )

describe("a command", () => {
  it.live("gives what it wrote, its code, and what it was given to read", () =>
    Effect.gen(function* () {
      const source = `const fs = require("fs")
process.stdout.write(fs.readFileSync(0)); process.stderr.write(fs.readFileSync(3)); fs.writeSync(4, "report"); process.exitCode = 9`
      const { millis: _, ...rest } = yield* node(source, { stdin: "☃", given: [Buffer.from("é")], reports: true })
      assert.deepStrictEqual(rest, { code: 9, stdout: "☃", stderr: "é", report: "report", killed: undefined })
    })
  )

  it.live("that does not exist is not started", () =>
    Effect.map(Effect.flip(node("", { file: "/nowhere/node" })), (error) => {
      assert.strictEqual(error._tag, "NotStarted")
      assert.include(error.message, "ENOENT")
    })
  )

  it.live("is ended with what it started, when its time is over", () =>
    Effect.gen(function* () {
      const source = `const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })
console.log(child.pid); setInterval(() => {}, 1000)`
      const { killed, stdout } = yield* node(source, { wallMillis: 2500 })
      assert.strictEqual(killed, "time")
      assert.isFalse(isThere(Number(stdout)))
    })
  )

  it.live("is not waited for when what it started has left it, and keeps its pipes", () =>
    Effect.gen(function* () {
      const source = `const child = require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 8000)"], { stdio: "inherit", detached: true })
console.log(child.pid); process.exit(0)`
      const { code, millis, stdout } = yield* node(source)
      assert.strictEqual(code, 0)
      assert.isBelow(millis, 6000)
      yield* Effect.ignore(Effect.try(() => process.kill(Number(stdout), "SIGKILL")))
    })
  )

  it.live("is gone when nobody waits any more, and before the waiting ends", () =>
    Effect.gen(function* () {
      const before = yield* Effect.forkChild(node("process.title = 'waiting'; setInterval(() => {}, 1000)"))
      yield* Effect.sleep(100)
      yield* Fiber.interrupt(before)
      const exit = yield* Fiber.await(before)
      assert.strictEqual(exit._tag, "Failure")
    })
  )

  it.live("that writes too much is ended, and no character of what is kept is cut in two", () =>
    Effect.gen(function* () {
      const { killed, stdout } = yield* node("setInterval(() => console.log('é'.repeat(800)))", { outputBytes: 1001 })
      assert.strictEqual(killed, "output")
      assert.strictEqual(stdout, "é".repeat(500))
    })
  )
})
