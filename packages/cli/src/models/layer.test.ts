import { FeedbackTokens } from "@backprose/core"
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
    for (const choice of [{ forward: local }, { backward: local }, { optimizer: local }]) {
      assert.strictEqual(yield* tokens(choice), 1500)
    }
  })
)
