import { BackwardModel, Completion, Message, OptimizerModel, Request, TextModel, TextModelError } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer } from "effect"
import { ScriptExhausted, ScriptedModel, ScriptMisfit, ScriptNotUsedUp } from "../index.ts"

const ask = (purpose: Request.Purpose, text = "hello", output?: Request.OutputFormat) =>
  Request.make({ purpose, messages: [Message.user(text)], ...(output === undefined ? {} : { output }) })

const textOf = (request: Request.Request) =>
  Effect.flatMap(TextModel, (model) => Effect.map(model.complete(request), ({ text }) => text))

const defect = (exit: Exit.Exit<unknown, unknown>) => {
  assert.isTrue(Exit.isFailure(exit))
  return Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
}

const object: Request.OutputFormat = { name: "verdict", jsonSchema: { type: "object" } }

describe("a script that fits", () => {
  it.effect("replies in order to all three roles, and records every request", () =>
    Effect.gen(function* () {
      const forward = yield* TextModel
      const critic = yield* BackwardModel
      const editor = yield* OptimizerModel
      const replies = [
        yield* forward.complete(ask("forward")),
        yield* critic.complete(ask("backward")),
        yield* editor.complete(ask("optimizer"))
      ]
      assert.deepStrictEqual(
        replies.map(({ text }) => text),
        ["one", "two", "three"]
      )
      const model = yield* ScriptedModel
      const requests = yield* model.requests
      assert.deepStrictEqual(
        requests.map(({ purpose }) => purpose),
        ["forward", "backward", "optimizer"]
      )
      assert.strictEqual(yield* model.calls("backward"), 1)
      assert.strictEqual(yield* model.calls(), 3)
    }).pipe(Effect.provide(ScriptedModel.layer(["one", "two", "three"])))
  )

  it.effect("keeps a list for each purpose where they interleave", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* textOf(ask("judge")), "j")
      assert.strictEqual(yield* textOf(ask("forward")), "f1")
      assert.strictEqual(yield* textOf(ask("forward")), "f2")
    }).pipe(Effect.provide(ScriptedModel.layer({ forward: ["f1", "f2"], judge: ["j"] })))
  )

  it.effect("answers with values as JSON, with whole completions, with errors and with functions of the request", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      assert.strictEqual(yield* textOf(ask("forward", "x", object)), `{"score":1}`)
      assert.strictEqual(yield* textOf(ask("forward", "x", object)), `{"value":[1,2]}`)
      const cut = yield* model.complete(ask("forward"))
      assert.strictEqual(cut.finishReason, "length")
      assert.strictEqual((yield* Effect.flip(model.complete(ask("forward"))))._tag, "RateLimited")
      assert.strictEqual(yield* textOf(ask("forward", "echo me")), "echo me")
      assert.strictEqual((yield* Effect.flip(model.complete(ask("forward"))))._tag, "TimedOut")
    }).pipe(
      Effect.provide(
        ScriptedModel.layer([
          { score: 1 },
          [1, 2],
          Completion.make("half a", { finishReason: "length" }),
          new TextModelError.RateLimited({ message: "slow down" }),
          ({ messages }) => Message.text(messages[0]!),
          () => Effect.fail(new TextModelError.TimedOut({ message: "late", afterMs: 1 }))
        ])
      )
    )
  )

  it.effect("plays one role where each role has a script of its own", () =>
    Effect.gen(function* () {
      const critic = yield* ScriptedModel.make(["criticism"])
      const solver = yield* ScriptedModel.make(["answer"])
      yield* Effect.gen(function* () {
        assert.strictEqual((yield* (yield* TextModel).complete(ask("forward"))).text, "answer")
        assert.strictEqual((yield* (yield* BackwardModel).complete(ask("backward"))).text, "criticism")
      }).pipe(Effect.provide([TextModel.layer(solver.layer), BackwardModel.layer(critic.layer)]))
      assert.strictEqual(yield* critic.calls(), 1)
    })
  )

  it.effect("answers by the request alone, whatever the order under concurrency", () =>
    Effect.gen(function* () {
      const asked = Array.from({ length: 50 }, (_, i) => `question ${i}`)
      const answered = yield* Effect.forEach(asked, (text) => textOf(ask("forward", text)), { concurrency: 8 })
      assert.deepStrictEqual(
        answered,
        asked.map((text) => `${text}!`)
      )
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), 50)
    }).pipe(Effect.provide(ScriptedModel.respond(({ messages }) => `${Message.text(messages[0]!)}!`)))
  )
})

describe("a script that does not fit", () => {
  it.effect("a call beyond it dies, naming the call", () =>
    Effect.gen(function* () {
      const exit = yield* textOf(ask("forward", "one")).pipe(
        Effect.andThen(textOf(ask("backward", "what else is wrong?"))),
        Effect.provide(ScriptedModel.layer(["only one"])),
        Effect.exit
      )
      const error = defect(exit)
      assert.instanceOf(error, ScriptExhausted)
      assert.include(error.message, "1 reply")
      assert.include(error.message, "purpose backward")
      assert.include(error.message, "what else is wrong?")
    })
  )

  it.effect("a call beyond it fails the test even if the program swallows defects", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(textOf(ask("forward"))).pipe(Effect.provide(ScriptedModel.layer([])), Effect.exit)
      assert.instanceOf(defect(exit), ScriptExhausted)
    })
  )

  it.effect("replies left over at the close of the scope die, naming them", () =>
    Effect.gen(function* () {
      const exit = yield* textOf(ask("forward")).pipe(
        Effect.provide(ScriptedModel.layer({ forward: ["used", "never asked for"], judge: [{ score: 0.5 }] })),
        Effect.exit
      )
      const error = defect(exit)
      assert.instanceOf(error, ScriptNotUsedUp)
      assert.include(error.message, `of the "forward" replies, 1 of 2 replies were asked for`)
      assert.include(error.message, "never asked for")
      assert.include(error.message, `{"score":0.5}`)
    })
  )

  it.effect("a failure of the program is not masked by what it left over", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.fail("the real reason").pipe(
        Effect.provide(ScriptedModel.layer(["never asked for"])),
        Effect.exit
      )
      assert.deepStrictEqual(exit, Exit.fail("the real reason"))
    })
  )

  it.effect("a value where a text is asked for dies", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(textOf(ask("forward")).pipe(Effect.provide(ScriptedModel.layer([{ score: 1 }]))))
      assert.instanceOf(defect(exit), ScriptMisfit)
    })
  )

  it.effect("layers for other roles do not multiply the script", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      assert.strictEqual((yield* model.complete(ask("forward"))).text, "a")
      assert.strictEqual((yield* (yield* OptimizerModel).complete(ask("optimizer"))).text, "b")
    }).pipe(Effect.provide(OptimizerModel.layerSame.pipe(Layer.provideMerge(ScriptedModel.layer(["a", "b"])))))
  )
})
