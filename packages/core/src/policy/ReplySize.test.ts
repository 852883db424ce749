import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import { TextModel } from "../model/TextModel.ts"
import * as Models from "./Models.ts"
import { UsageMeter } from "./UsageMeter.ts"

const request = Request.make({ purpose: "forward", messages: [] })
const usage = { calls: 1, inputTokens: 5, cachedInputTokens: 0, outputTokens: 7, usd: 0.25 }

const saying = (text: string, maxReplyLength?: number) => {
  const seen = { asked: 0 }
  const forward = Layer.succeed(TextModel, {
    complete: () =>
      Effect.sync(() => {
        seen.asked++
        return Completion.make(text, { usage })
      })
  })
  return { seen, layer: Models.layer({ forward, ...(maxReplyLength === undefined ? {} : { maxReplyLength }) }) }
}

describe("a reply of any model", () => {
  it.effect("may have as many characters as are allowed, and not one more: that is paid for and not asked again", () =>
    Effect.gen(function* () {
      for (const [length, allowed] of [
        [10, 10],
        [11, 10],
        [16 * 1024 * 1024, undefined],
        [16 * 1024 * 1024 + 1, undefined]
      ] as const) {
        const { layer, seen } = saying("x".repeat(length), allowed)
        yield* Effect.gen(function* () {
          const result = yield* Effect.result((yield* TextModel).complete(request))
          assert.strictEqual(
            result._tag === "Success" ? "read" : result.failure._tag,
            length % 2 === 0 ? "read" : "ReplyTooLarge"
          )
          assert.strictEqual((yield* (yield* UsageMeter).spend).usd, 0.25)
        }).pipe(Effect.provide(layer))
        assert.strictEqual(seen.asked, 1)
      }
    })
  )
})
