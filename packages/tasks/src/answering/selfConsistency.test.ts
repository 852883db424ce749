import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { iron, solution } from "../../fixture/iron.ts"
import { selfConsistency } from "./selfConsistency.ts"

describe("self-consistency", () => {
  it.effect("asks the same at a temperature under another number each time; what cannot be read has no vote", () =>
    Effect.gen(function* () {
      const readings = yield* selfConsistency({ samples: 4, temperature: 0.9 }).run(iron)
      assert.deepStrictEqual(
        readings.map(({ answer, calls, name }) => [name, answer, calls]),
        [
          ["vote of 1", "A", 1],
          ["vote of 2", "A", 3],
          ["vote of 3", "A", 4],
          ["vote of 4", "B", 5]
        ]
      )
      const requests = yield* (yield* ScriptedModel).requests
      assert.deepStrictEqual(
        requests.map(({ sample, sampling }) => [sample, sampling?.temperature]),
        [0, 1, 1, 2, 3].map((sample) => [sample, 0.9])
      )
      const [first, ...others] = requests.filter(({ messages }) => messages.length === 2)
      for (const { messages } of others) assert.deepStrictEqual(messages, first!.messages)
    }).pipe(Effect.provide(ScriptedModel.layer([solution("A"), "no", "no, no", solution("B"), solution("B")])))
  )
})
