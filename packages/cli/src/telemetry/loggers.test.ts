import { Secrets } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Logger, Redacted } from "effect"
import * as Screen from "../terminal/Screen.ts"
import { toFile, toScreen } from "./loggers.ts"

const key = "sk-planted-Ab3dEf6hIj9lMn2pQr5tUv8x"

const said = (log: Effect.Effect<void>, isTerminal = false) =>
  Effect.gen(function* () {
    const written = { out: "", err: "" }
    const screen = Screen.make({
      stdout: { write: (text) => void (written.out += text) },
      stderr: { write: (text) => void (written.err += text), isTTY: isTerminal },
      environment: { NO_COLOR: "1" }
    })
    yield* screen.redraw("step 1")
    yield* Effect.provide(log, Logger.layer([toScreen(screen)]))
    return written
  })

describe("what is logged, on the screen", () => {
  it.effect("is a line on standard error for a warning, whatever is in it, and nothing for less", () =>
    Effect.gen(function* () {
      const written = yield* said(
        Effect.gen(function* () {
          yield* Effect.logInfo("as usual")
          yield* Effect.logWarning("the disk is\nfull\u001b[2J")
          yield* Effect.logError("broken", Cause.fail(new Error("because")))
        })
      )
      assert.deepStrictEqual(written, { out: "", err: "  warning: the disk is full\n  error: broken: because\n" })
    })
  )

  it.effect("steps around the line that is redrawn in place", () =>
    Effect.gen(function* () {
      const { err } = yield* said(Effect.logWarning("careful"), true)
      const clear = "\r\u001b[2K"
      assert.strictEqual(err, `${clear}step 1${clear}  warning: careful\nstep 1`)
    })
  )
})

describe("what is logged, in a file", () => {
  it.effect("is a line of JSON with time, level and cause, without secrets", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = toFile((line) => lines.push(line), Secrets.of([Redacted.make(key)]))
      yield* Effect.logWarning(`the key ${key}`, Cause.fail(new Error(`no ${key}`))).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      assert.deepStrictEqual(
        lines.map((line) => JSON.parse(line)),
        [{ at: "1970-01-01T00:00:00.000Z", level: "warn", message: "the key ***", cause: "no ***" }]
      )
    })
  )
})
