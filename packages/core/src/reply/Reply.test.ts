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

describe("a reply of a shape that is one text with notes", () => {
  const Edit = Schema.Struct({ value: Schema.String, changed: Schema.String })
  const shape: Reply.Shape<typeof Edit.Type> = {
    schema: Edit,
    name: "edit",
    ofText: (value) => ({ value, changed: "" }),
    refuse: ({ value }) => (value.includes("never") ? `it says "never"` : undefined)
  }
  const edit = Effect.flatMap(TextModel, (model) => Reply.shaped(model, question, shape))

  it.effect("is read where the text stands alone in a fence", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* edit, { value: "New.", changed: "" })
      assert.deepStrictEqual(yield* edit, { value: "Newer.", changed: "" })
    }).pipe(Effect.provide(ScriptedModel.layer(["```\nNew.\n```", "<think>hm</think>\n<value>\nNewer.\n</value>"])))
  )

  it.effect("is not read so where the shape does not allow for it", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      const error = yield* Effect.flip(Reply.object(model, question, Edit, "edit"))
      assert.deepInclude(error, { _tag: "ReplyUnreadable", text: "```\nNew.\n```" })
    }).pipe(Effect.provide(ScriptedModel.respond(() => "```\nNew.\n```")))
  )

  it.effect("that fits and is refused is asked for once more, told why; refused again, it is unreadable", () =>
    Effect.gen(function* () {
      const never = '{"value":"say never","changed":""}'
      const error = yield* Effect.flip(edit)
      assert.deepInclude(error, { _tag: "ReplyUnreadable", text: never })
      assert.include(error.message, `it says "never"`)
      const [, second] = yield* requests
      assert.include(Message.text(second!.messages.at(-1)!), `it says "never"`)
      assert.deepStrictEqual(yield* edit, { value: "ever", changed: "" })
    }).pipe(
      Effect.provide(
        ScriptedModel.layer([
          '{"value":"say never","changed":""}',
          '{"value":"say never","changed":""}',
          "```\nnever\n```",
          { value: "ever", changed: "" }
        ])
      )
    )
  )
})

describe("a reply that is long", () => {
  it.effect("is not sent back whole to be repaired", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(ask)
      assert.strictEqual(error._tag === "ReplyUnreadable" && error.text.length, 100_000)
      assert.isBelow(error.message.length, 2000)
      const [, second] = yield* requests
      assert.isBelow(Message.text(second!.messages[1]!).length, 33_000)
      assert.include(Message.text(second!.messages[1]!), "68000 characters left out")
    }).pipe(Effect.provide(ScriptedModel.respond(() => "x".repeat(100_000))))
  )

  it.effect("beyond all reason is ReplyTooLarge", () =>
    Effect.gen(function* () {
      const model = yield* TextModel
      assert.strictEqual((yield* Effect.flip(ask))._tag, "ReplyTooLarge")
      assert.strictEqual((yield* Effect.flip(Reply.text(model, question)))._tag, "ReplyTooLarge")
    }).pipe(Effect.provide(ScriptedModel.respond(() => "x".repeat(4 * 1024 * 1024 + 1))))
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
