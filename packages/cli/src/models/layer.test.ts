import { FeedbackTokens, OptimizerModel, Request, TextModel } from "@backprose/core"
import { Fault, FaultServer, FaultReply as Reply } from "@backprose/testing"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Choice } from "./Choice.ts"
import * as models from "./layer.ts"

it.effect("feedback is kept shorter where an embedded model plays a role", () =>
  Effect.gen(function* () {
    const hosted = { provider: "openai", model: "m" } as const
    const local = { provider: "local", model: "m" } as const
    const tokens = (choice: Partial<Choice>) =>
      Effect.map(FeedbackTokens, (tokens) => tokens).pipe(
        Effect.provide(
          models.feedback({ forward: hosted, backward: hosted, optimizer: hosted, baseUrl: undefined, ...choice })
        )
      )
    const usual = yield* FeedbackTokens
    assert.strictEqual(yield* tokens({}), usual)
    for (const choice of [{ forward: local }, { backward: local }, { optimizer: local }, { fallback: local }]) {
      assert.strictEqual(yield* tokens(choice), 1500)
    }
  })
)

it.live("another model answers where one is away, for all roles; both are asked at the same server", () =>
  Effect.gen(function* () {
    const server = yield* FaultServer.make({
      reply: ({ model }) => (model === "second" ? Reply.text(`from ${model}`) : Fault.unauthorized)
    })
    const [first, second] = (["first", "second"] as const).map((model) => ({ provider: "openai", model }) as const)
    const choice: Choice = {
      ...{ forward: first!, backward: first!, optimizer: second!, fallback: second! },
      baseUrl: server.url
    }
    const request = Request.make({ purpose: "forward", messages: [] })
    const texts = yield* Effect.gen(function* () {
      const [forward, optimizer] = [yield* TextModel, yield* OptimizerModel]
      return yield* Effect.forEach([forward, forward, optimizer], ({ complete }) => complete(request))
    }).pipe(
      Effect.provide(
        models.of(choice, { concurrency: 2, allowance: { prices: [] }, cache: false, onFetch: () => Effect.void })
      ),
      Effect.provide(NodeFileSystem.layer)
    )
    assert.deepStrictEqual(
      texts.map(({ text, model }) => `${text}, ${model}`),
      Array(3).fill("from second, second")
    )
    // who refused the key is not asked again at once
    assert.deepStrictEqual(
      (yield* server.requests).map(({ model }) => model),
      ["first", "second", "second", "second"]
    )
  })
)
