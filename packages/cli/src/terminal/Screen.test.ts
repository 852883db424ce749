import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Screen from "./Screen.ts"

const recorded = (isTTY: boolean) => {
  const written = { out: "", err: "" }
  const screen = Screen.make({
    stdout: { write: (text) => void (written.out += text), isTTY },
    stderr: { write: (text) => void (written.err += text), isTTY },
    environment: {}
  })
  return { screen, written }
}

describe("the screen", () => {
  it.effect("redraws its live line in place, and puts it aside for lines that stay", () =>
    Effect.gen(function* () {
      const { screen, written } = recorded(true)
      yield* screen.redraw("1 of 2")
      yield* screen.err("a line")
      yield* screen.redraw("2 of 2")
      yield* screen.redraw("")
      const clear = "\r\u001b[2K"
      assert.strictEqual(written.err, `${clear}1 of 2${clear}a line\n1 of 2${clear}2 of 2${clear}`)
    })
  )

  it.effect("draws no live line where there is no terminal", () =>
    Effect.gen(function* () {
      const { screen, written } = recorded(false)
      yield* screen.redraw("1 of 2")
      yield* screen.err("note")
      yield* screen.out("result")
      assert.deepStrictEqual(written, { out: "result\n", err: "note\n" })
      assert.isFalse(screen.live)
    })
  )
})
