/**
 * The loopback provider as a process: prints nothing, tells its parent where it listens, then answers questions about
 * what it has seen.
 */
import { FaultReply, FaultServer } from "@backprose/testing"
import * as Effect from "effect/Effect"
import { endWithParent, say } from "../process/say.ts"
import { answer, promptOf, schemaOf, tokens } from "./answer.ts"
import { type Control, noStats, type Stats } from "./Provider.ts"

const state = { latencyMs: 0, stats: noStats }

const reply: FaultServer.Options["reply"] = ({ body }) => {
  const text = answer(body)
  const schema = schemaOf(body)
  const [input, output] = [tokens(promptOf(body)), tokens(text)]
  const { calls, schemaTokens, tokensIn, tokensOut } = state.stats
  state.stats = {
    ...state.stats,
    calls: calls + 1,
    tokensIn: tokensIn + input,
    tokensOut: tokensOut + output,
    schemaTokens: schemaTokens + (schema === undefined ? 0 : tokens(JSON.stringify(schema)))
  }
  return FaultReply.after(state.latencyMs, FaultReply.text(text, { usage: { input, cached: 0, output, reasoning: 0 } }))
}

const program = Effect.gen(function* () {
  const server = yield* FaultServer.make({ reply })
  const stats = Effect.map(server.counts, ({ maxConcurrent }): Stats => ({ ...state.stats, maxConcurrent }))
  yield* Effect.promise(() => say(server.url))
  return yield* Effect.callback<never>(() => {
    process.on("message", (control: Control) => {
      if (control.latencyMs !== undefined) {
        state.latencyMs = control.latencyMs
        state.stats = noStats
      }
      void Effect.runPromise(stats).then(say)
    })
  })
})

endWithParent()
void Effect.runPromise(Effect.scoped(program))
