import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { iron, solution } from "../../fixture/iron.ts"
import { told } from "../../fixture/told.ts"
import { reflexion } from "./reflexion.ts"
import { selfConsistency } from "./selfConsistency.ts"
import { selfCritique } from "./selfCritique.ts"

const edit = <A>(value: A) => ({ value, changed: "" })

describe("self-critique", () => {
  it.effect(
    "shows examiner and editor the question and the solution, and the editor what was said and what the answer must be",
    () =>
      Effect.gen(function* () {
        const readings = yield* selfCritique({ updates: 1 }).run(iron)
        assert.deepStrictEqual(
          readings.map(({ answer, name }) => [name, answer]),
          [
            ["zero-shot", "A"],
            ["after update 1", "B"],
            ["vote of 2", "A"]
          ]
        )
        const [forward, judge, optimizer] = yield* (yield* ScriptedModel).requests
        assert.include(told(forward!), "(A) sulphur\n(B) iron\n(C) neon")
        assert.include(told(judge!), iron.text)
        assert.include(told(judge!), JSON.stringify(solution("A", "Brimstone shines."), null, 2))
        for (const part of [
          iron.text,
          JSON.stringify(solution("A", "Brimstone shines."), null, 2),
          "Much shines.",
          "one of A, B, C"
        ]) {
          assert.include(told(optimizer!), part)
        }
      }).pipe(
        Effect.provide(
          ScriptedModel.layer([solution("A", "Brimstone shines."), "Much shines.", edit(solution("B", "It conducts."))])
        )
      )
  )

  it.effect(
    "of free text keeps a version whose answer cannot be read: it is no vote, and the next update starts from it",
    () =>
      Effect.gen(function* () {
        const readings = yield* selfCritique({ updates: 2, replies: "last line" }).run(iron)
        assert.deepStrictEqual(
          readings.map(({ answer }) => answer),
          ["A", "", "(B)", "A"]
        )
        const requests = yield* (yield* ScriptedModel).requests
        assert.include(told(requests[3]!), "I am not sure any more.")
      }).pipe(
        Effect.provide(
          ScriptedModel.layer([
            "It shines.\nAnswer: A",
            "Why?",
            edit("I am not sure any more."),
            "Be sure.",
            edit("Metals conduct.\nAnswer: (B)")
          ])
        )
      )
  )

  it.effect("with a first answer that cannot be used has failed: there is nothing to improve", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(selfCritique({ updates: 2 }).run(iron))
      assert.strictEqual(failure._tag, "ReplyUnreadable")
    }).pipe(Effect.provide(ScriptedModel.layer(["I say B", "B, I say"])))
  )

  it.effect("counts a repair of the first answer as the call that it is", () =>
    Effect.gen(function* () {
      const readings = yield* selfCritique({ updates: 0 }).run(iron)
      assert.deepStrictEqual(
        readings.map(({ answer, calls }) => [answer, calls]),
        [
          ["B", 2],
          ["B", 2]
        ]
      )
    }).pipe(Effect.provide(ScriptedModel.layer(["I say B", solution("B")])))
  )
})

describe("solutions as free text", () => {
  it.effect("are asked for with their last line, by every method", () =>
    Effect.gen(function* () {
      const style = { replies: "last line" } as const
      assert.deepStrictEqual(
        (yield* selfCritique({ ...style, updates: 0 }).run(iron)).map(({ answer }) => answer),
        ["B", "B"]
      )
      assert.strictEqual((yield* selfConsistency({ ...style, samples: 1 }).run(iron))[0]!.answer, "B")
      assert.strictEqual((yield* reflexion({ ...style, retries: 0 }).run(iron))[0]!.answer, "B")
      for (const request of yield* (yield* ScriptedModel).requests) {
        assert.isUndefined(request.output)
        assert.include(told(request), `the last line is "Answer: "`)
      }
    }).pipe(Effect.provide(ScriptedModel.layer(Array(3).fill("Iron conducts.\n**Answer:** B"))))
  )
})
