import { Generate, TextModelError } from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import * as Trajectory from "./Trajectory.ts"

const ask = Effect.map(Generate.text({ prompt: "Again.", role: "answer" }), ({ value }) => value)
const names = ["first", "second", "third"]
const cut = new TextModelError.ReplyCut({ message: "cut after 9 characters", text: "I think t" })

/** Asks and tells, so many times. */
const asking = (times: number) =>
  Trajectory.readings(names, (tell) => Effect.forEach(Array.from({ length: times }), () => Effect.flatMap(ask, tell)))

describe("a trajectory", () => {
  it.effect("gives each answer under its name, with the calls up to it", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* asking(3), [
        { name: "first", answer: "a", calls: 1 },
        { name: "second", answer: "b", calls: 2 },
        { name: "third", answer: "c", calls: 3 }
      ])
    }).pipe(Effect.provide(ScriptedModel.layer(["a", "b", "c"])))
  )

  it.effect("that ends early repeats its last answer, with all calls that were made", () =>
    Effect.gen(function* () {
      const early = yield* Trajectory.readings(names, (tell) =>
        // what came of the second call was no answer
        Effect.andThen(Effect.flatMap(ask, tell), ask)
      )
      assert.deepStrictEqual(early, [
        { name: "first", answer: "a", calls: 1 },
        { name: "second", answer: "a", calls: 2 },
        { name: "third", answer: "a", calls: 2 }
      ])
    }).pipe(Effect.provide(ScriptedModel.layer(["a", "that will do"])))
  )

  it.effect("that a reply ends which cannot be used says so in what it repeats", () =>
    Effect.gen(function* () {
      const note = "ended early: cut after 9 characters"
      assert.deepStrictEqual(yield* asking(3), [
        { name: "first", answer: "a", calls: 1 },
        { name: "second", answer: "a", calls: 2, note },
        { name: "third", answer: "a", calls: 2, note }
      ])
    }).pipe(Effect.provide(ScriptedModel.layer(["a", cut])))
  )

  it.effect("fails where its first reply cannot be used, and where the provider fails at any time", () =>
    Effect.gen(function* () {
      const limited = new TextModelError.RateLimited({ message: "slow down" })
      const noKey = new TextModelError.Unauthorized({ message: "wrong key" })
      for (const [script, failure] of [
        [[cut], cut],
        [["a", limited], limited],
        [["a", "b", noKey], noKey]
      ] as const) {
        const run = Effect.flip(asking(3)).pipe(Effect.provide(ScriptedModel.layer(script), { local: true }))
        assert.deepStrictEqual(yield* run, failure)
      }
    })
  )

  it.effect("without any answer is a mistake of its author, not of the model", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(asking(0))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }).pipe(Effect.provide(ScriptedModel.layer([])))
  )
})
