import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Feedback from "../graph/Feedback.ts"
import * as Message from "../model/Message.ts"
import { BackwardModel } from "../model/TextModel.ts"
import { DigestPrompt } from "../prompts/Digest.ts"
import { digest, FeedbackTokens } from "./Digest.ts"

const points = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => {
    const name = `point ${i};`
    return Feedback.make(name + ".".repeat(length - name.length), { from: `check ${i % 3}`, score: (i + 1) / 100 })
  })

const run = (feedback: ReadonlyArray<Feedback.Criticism>) =>
  Effect.flatMap(BackwardModel, (model) => digest(model, "backward", feedback, "answer"))

const requests = Effect.flatMap(ScriptedModel, (model) => model.requests)
const named = (text: string) => [...text.matchAll(/point \d+;/g)].map(([name]) => name)

/** Keeps every point and drops the padding, as a good summary does. */
const summariser = ScriptedModel.respond(({ messages }) => named(Message.text(messages.at(-1)!)).join(""))

describe("feedback for the next prompt", () => {
  it.effect("that fits is left as it is, and costs nothing", () =>
    Effect.gen(function* () {
      const feedback = points(10, 100)
      assert.strictEqual(yield* run(feedback), feedback)
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), 0)
    }).pipe(Effect.provide(summariser))
  )

  it.effect("that does not fit is condensed by groups that fit: every point reaches a prompt, and none is cut", () =>
    Effect.gen(function* () {
      const feedback = points(60, 400)
      const condensed = yield* run(feedback)
      const asked = (yield* requests).map(({ messages }) => Message.text(messages.at(-1)!))
      // 60 pieces of 100 tokens in prompts of 1,000: six groups
      assert.strictEqual(asked.length, 6)
      for (const { text } of feedback) assert.isTrue(asked.some((prompt) => prompt.includes(text)))
      assert.deepStrictEqual(
        named(condensed.map(({ text }) => text).join("")),
        feedback.map(({ text }) => named(text)[0]!)
      )
      assert.isAtMost(
        condensed.reduce((sum, { text }) => sum + text.length / 4, 0),
        1000
      )
    }).pipe(Effect.provide(summariser), Effect.provideService(FeedbackTokens, 1000))
  )

  it.effect("is condensed level by level until it fits", () =>
    Effect.gen(function* () {
      const halving = ScriptedModel.respond(({ messages }) => {
        const shown = Message.text(messages.at(-1)!)
        return "x".repeat(Math.ceil((shown.match(/[.x]/g) ?? []).length / 2))
      })
      const condensed = yield* run(points(64, 400)).pipe(
        Effect.provideService(FeedbackTokens, 500),
        Effect.tap(() => Effect.map(requests, (all) => assert.isAbove(all.length, 13))),
        Effect.provide(halving)
      )
      assert.isAtMost(
        condensed.reduce((sum, { text }) => sum + text.length / 4, 0),
        500
      )
    })
  )

  it.effect("keeps who said it and the worst score of each group", () =>
    Effect.gen(function* () {
      const [first] = yield* run(points(20, 400))
      assert.deepInclude(first, { from: "check 0, check 1, check 2", score: 0.01 })
    }).pipe(Effect.provide(summariser), Effect.provideService(FeedbackTokens, 1000))
  )

  it.effect("a model that does not shorten does not keep us for ever", () =>
    Effect.gen(function* () {
      const condensed = yield* run(points(30, 400))
      assert.isAbove(condensed.length, 0)
      assert.isAtMost(yield* (yield* ScriptedModel).calls(), 30)
    }).pipe(
      Effect.provide(ScriptedModel.respond(({ messages }) => Message.text(messages.at(-1)!))),
      Effect.provideService(FeedbackTokens, 1000)
    )
  )

  it.effect("one piece that alone is too long is condensed, not cut", () =>
    Effect.gen(function* () {
      const [long] = points(1, 40_000)
      const condensed = yield* run([long!])
      assert.deepStrictEqual(
        condensed.map(({ text }) => text),
        ["point 0;"]
      )
      assert.include(Message.text((yield* requests)[0]!.messages.at(-1)!), long!.text)
    }).pipe(Effect.provide(summariser), Effect.provideService(FeedbackTokens, 1000))
  )

  it.effect("is condensed in the user's own words where there are any", () =>
    Effect.gen(function* () {
      yield* run(points(20, 400))
      assert.deepStrictEqual((yield* requests)[0]!.messages[0], Message.system("Fasse zusammen."))
    }).pipe(
      Effect.provideService(DigestPrompt, ({ feedback }) => ({
        system: "Fasse zusammen.",
        user: feedback.map(({ text }) => text).join("\n")
      })),
      Effect.provide(summariser),
      Effect.provideService(FeedbackTokens, 1000)
    )
  )
})
