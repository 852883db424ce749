/**
 * An OpenAI-compatible server on the loopback interface, in a process of its own so that its work is not counted.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Fresh from "../process/Fresh.ts"

/** What the server was asked since it was last set. Tokens are four characters each. */
export interface Stats {
  readonly calls: number
  readonly tokensIn: number
  readonly tokensOut: number
  /** JSON Schemas of structured replies, in tokens: beside `tokensIn`, not in it. */
  readonly schemaTokens: number
  /** The most requests at once since the server started. */
  readonly maxConcurrent: number
}

export const noStats: Stats = { calls: 0, tokensIn: 0, tokensOut: 0, schemaTokens: 0, maxConcurrent: 0 }

/** A message to the server: a new latency also sets its counters to 0. */
export interface Control {
  readonly latencyMs?: number
}

export interface Provider {
  /** The base URL for a client. */
  readonly url: string
  /** Time to think before each reply; counters start again. */
  readonly set: (latencyMs: number) => Effect.Effect<void, Fresh.ProcessFailed>
  readonly stats: Effect.Effect<Stats, Fresh.ProcessFailed>
}

/** A server that lives as long as the scope. */
export const make: Effect.Effect<Provider, Fresh.ProcessFailed, Scope.Scope> = Effect.gen(function* () {
  const child = yield* Fresh.start({ script: new URL("./serve.ts", import.meta.url) })
  const url = yield* Fresh.message<string>(child)
  return {
    url,
    set: (latencyMs) => Effect.asVoid(Fresh.ask<Stats>(child, { latencyMs } satisfies Control)),
    stats: Fresh.ask<Stats>(child, {} satisfies Control)
  }
})
