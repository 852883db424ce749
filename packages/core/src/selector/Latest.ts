/** Takes every proposal: plain gradient descent. Nothing is evaluated, so nothing guards against getting worse. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Selector } from "./Selector.ts"

/** The selector that keeps the newest candidate. It needs no validation set and costs no calls. */
export const layer: Layer.Layer<Selector> = Layer.succeed(Selector, {
  evaluates: false,
  select: (pool) => Effect.succeed(pool[0]),
  admit: (_pool, proposed) => Effect.succeed({ accepted: true, reason: "the latest is kept", pool: [proposed] }),
  best: (pool) => pool[0]
})
