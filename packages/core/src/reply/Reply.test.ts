import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Completion from "../model/Completion.ts"
import * as Message from "../model/Message.ts"
import { TextModel } from "../model/TextModel.ts"
import { RateLimited } from "../model/TextModelError.ts"
import { RepairPrompt } from "../prompts/Repair.ts"
import * as Reply from "./Reply.ts"

const Verdict = Schema.Struct({
  feedback: Schema.String,
  score: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
})
const question: Reply.Question = { purpose: "judge", messages: [Message.user("How good is it?")] }
const ask = Effect.flatMap(TextModel, (model) => Reply.object(model, question, Verdict, "verdict"))
const requests = Effect.flatMap(ScriptedModel, (model) => model.requests)
const good = { feedback: "fine", score: 1 }

describe("a structured reply", () => {
  const accepted: ReadonlyArray<readonly [string, string]> = [
    ["alone", JSON.stringify(good)],
    ["in a code fence", `\`\`\`json\n${JSON.stringify(good, null, 2)}\n\`\`\``],
    ["in a code fence without a language", `\`\`\`\n${JSON.stringify(good)}\n\`\`\``],
    ["between words", `Sure! ${JSON.stringify(good)} I hope this helps.`],
    ["after a byte order mark", `\uFEFF${JSON.stringify(good)}`],
    ["with more fields than asked for", JSON.stringify({ ...good, mood: "glad" })]
  ]
  for (const [how, text] of accepted) {
    it.effect(`is read ${how}, without asking again`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* ask, good)
      }).pipe(Effect.provide(ScriptedModel.layer([text])))
    )
  }

  it.effect("that does not fit is asked for once more, with the conversation, the problem and the schema", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ask, good)
      const [first, second] = yield* requests
      assert.deepStrictEqual(second!.messages.slice(0, 2), [
        ...first!.messages,
        Message.assistant('{"feedback":"fine","score":7}')
      ])
      assert.deepStrictEqual(second!.output, first!.output)
      assert.strictEqual(second!.purpose, "judge")
      const repair = Message.text(second!.messages[2]!)
      assert.include(repair, "score")
      assert.include(repair, JSON.stringify(first!.output!.jsonSchema))
    }).pipe(Effect.provide(ScriptedModel.layer([{ feedback: "fine", score: 7 }, good])))
  )

  const unreadable: ReadonlyArray<readonly [string, string]> = [
    ["is no JSON", "I would give it a seven."],
    ["is half of one", '{"feedback":"fi'],
    ["lacks a field", '{"score":1}'],
    ["has a field of the wrong type", '{"feedback":"fine","score":"1"}'],
    ["is outside the bounds of the schema", '{"feedback":"fine","score":1.5}'],
    ["is null", "null"],
    ["is a list", `[${JSON.stringify(good)}]`]
  ]
  for (const [what, text] of unreadable) {
    it.effect(`that ${what}, twice, is ReplyUnreadable with what came`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(ask)
        assert.deepInclude(error, { _tag: "ReplyUnreadable", text })
        assert.include(error.message, "verdict")
      }).pipe(Effect.provide(ScriptedModel.layer([text, text])))
    )
  }

  it.effect("is asked for twice at most", () =>
    Effect.gen(function* () {
      yield* Effect.flip(ask)
      assert.strictEqual((yield* requests).length, 2)
    }).pipe(Effect.provide(ScriptedModel.respond(() => "no")))
  )

  it.effect("that is cut, filtered or empty is not repaired: it is its own error", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(ask))._tag, "ReplyCut")
      assert.strictEqual((yield* Effect.flip(ask))._tag, "ContentFiltered")
      assert.strictEqual((yield* Effect.flip(ask))._tag, "EmptyReply")
    }).pipe(
      Effect.provide(
        ScriptedModel.layer([
          Completion.make(JSON.stringify(good), { finishReason: "length" }),
          Completion.make(JSON.stringify(good), { finishReason: "content-filter" }),
          ""
        ])
      )
    )
  )

  it.effect("whose repair fails, fails as the repair did", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(ask))._tag, "RateLimited")
    }).pipe(Effect.provide(ScriptedModel.layer(["no", new RateLimited({ message: "slow down" })])))
  )

  it.effect("is repaired by the user's own prompt where there is one", () =>
    Effect.gen(function* () {
      yield* Effect.provideService(ask, RepairPrompt, ({ problem }) => `Nochmal, bitte: ${problem}`)
      const [, second] = yield* requests
      assert.match(Message.text(second!.messages.at(-1)!), /^Nochmal, bitte: not JSON/)
    }).pipe(Effect.provide(ScriptedModel.layer(["no", good])))
  )
})

describe("a reply whose ending the provider does not name", () => {
  it.effect("is taken where it has a text", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      assert.strictEqual(yield* Reply.text(model, question), "whole?")
    }).pipe(Effect.provide(ScriptedModel.layer([Completion.make("whole?", { finishReason: "unknown" })])))
  )
})
