import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Fresh from "./Fresh.ts"

describe("work in a process of its own", () => {
  it.live("fails with the command and its exit code when the process ends without a word", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(
        Fresh.result({ script: new URL("../one.ts", import.meta.url), arguments: ["no-such-bench"] })
      )
      assert.strictEqual(failure._tag, "ProcessFailed")
      assert.match(failure.message, /ended with 2 and without a word: .*one\.ts no-such-bench/)
    })
  )
})
