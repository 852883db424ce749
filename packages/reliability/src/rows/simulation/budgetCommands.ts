/** Any commands on a budget, against plain sums: it refuses exactly what would go beyond, also after it was restored. */
import { Budget, Completion, Journal, type JournalRecord, Request, TextModelError } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"

const below = (limit: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: limit - 1 }))

export const Command = Schema.Union([
  /** So many calls at once, each of at most so many tokens, using some of them. */
  Schema.TaggedStruct("Ask", { atOnce: below(4), most: below(40), used: below(40), refused: Schema.Boolean }),
  /** Another process goes on. */
  Schema.TaggedStruct("Restore", {})
])
export const Limits = Schema.Struct({ calls: below(60), tokens: below(800) })

interface Script extends Schema.Schema.Type<typeof Limits> {
  readonly commands: ReadonlyArray<typeof Command.Type>
}

/** Plays a script; `false` where the budget and the sums disagree. */
export const holds = Effect.fnUntraced(function* ({ calls, commands, tokens }: Script) {
  const records: Array<JournalRecord.Record> = []
  const begin = Effect.gen(function* () {
    const journal = yield* Journal.make({
      records: [...records],
      append: (record) => Effect.sync(() => void records.push(record))
    })
    return { journal, budget: yield* Budget.make({ calls, outputTokens: tokens }, journal.history.records) }
  })
  let session = yield* begin
  let spent = { calls: 0, tokens: 0 }
  let sent = 0
  let sample = 0

  for (const command of commands) {
    if (command._tag === "Restore") {
      session = yield* begin
      // what was refused before it went out was counted by the process that refused it, and cost nothing
      spent = { ...spent, calls: sent }
      continue
    }
    const most = command.most + 1
    const used = Math.min(command.used + 1, most)
    const { budget, journal } = session
    let out = 0
    const provider = {
      complete: () =>
        Effect.gen(function* () {
          out += 1
          yield* Effect.yieldNow
          if (command.refused) return yield* new TextModelError.RateLimited({ message: "slow down" })
          return Completion.make("ok", {
            usage: { calls: 1, inputTokens: 1, cachedInputTokens: 0, outputTokens: used }
          })
        })
    }
    const model = journal.replaying(budget.calls(yield* budget.attempts(journal.sending(provider))))
    const exits = yield* Effect.forEach(
      Array.from({ length: command.atOnce + 1 }, () => sample++),
      (sample) =>
        Effect.exit(
          model.complete(
            Request.make({
              purpose: "forward",
              messages: [{ role: "user", content: "?" }],
              sampling: { maxOutputTokens: most },
              sample
            })
          )
        ),
      { concurrency: "unbounded" }
    )
    // a call counts when it is begun, also where the tokens then do not suffice, or the provider refuses it
    const begun = Math.min(exits.length, Math.max(0, calls - spent.calls))
    // who does not fit beside the others waits for them: as many go out as fit one after the other
    const cost = command.refused ? 0 : used
    let fit = 0
    while (fit < begun && spent.tokens + fit * cost + most <= tokens) fit += 1
    spent = { calls: spent.calls + begun, tokens: spent.tokens + fit * cost }
    sent += fit
    const replies = exits.filter(Exit.isSuccess).length
    if (out !== fit || replies !== (command.refused ? 0 : fit)) return false
  }
  return true
})
