import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Schema } from "effect"
import { BudgetExceeded, RateLimited, TimedOut } from "../model/TextModelError.ts"
import * as Ledger from "./Ledger.ts"

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

/** A request of at most so much comes; or the n-th of those in flight, or of those waiting, ends somehow. */
const Command = Schema.Union([
  Schema.TaggedStruct("Ask", { most: upTo(60) }),
  Schema.TaggedStruct("Reply", { which: upTo(9), share: upTo(100) }),
  Schema.TaggedStruct("Refuse", { which: upTo(9) }),
  Schema.TaggedStruct("TimeOut", { which: upTo(9) }),
  Schema.TaggedStruct("Cancel", { which: upTo(9) }),
  Schema.TaggedStruct("Leave", { which: upTo(9) })
])
type Command = typeof Command.Type

type End = RateLimited | TimedOut
interface Request {
  readonly id: number
  readonly most: number
}

/** What must happen, as a list and two sums. */
interface Model {
  spent: number
  inFlight: Array<Request>
  waiting: Array<Request>
  begun: Array<number>
  refused: Array<number>
}

const admit = (model: Model, cap: number) => {
  while (model.waiting.length > 0) {
    const first = model.waiting[0]!
    const reserved = model.inFlight.reduce((sum, { most }) => sum + most, 0)
    const fits = model.spent + reserved + first.most <= cap
    if (!fits && model.inFlight.length > 0) return
    model.waiting.shift()
    if (fits) {
      model.inFlight.push(first)
      model.begun.push(first.id)
    } else model.refused.push(first.id)
  }
}

const amount = (tokens: number): Ledger.Amount => ({ inputTokens: 0, outputTokens: tokens, microUsd: 0 })

const settle = Effect.forEach(Array.from({ length: 8 }), () => Effect.yieldNow)

describe("the books of a budget", () => {
  it.effect.prop(
    "agree with a list and two sums, whatever is asked, answered, refused, late, cancelled or given up, in any order",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 60, maximum: 200 })),
      Schema.Array(Command).check(Schema.isMinLength(30), Schema.isMaxLength(50))
    ],
    ([cap, commands]) =>
      Effect.gen(function* () {
        const ledger = Ledger.make({ tokens: cap })
        const model: Model = { spent: 0, inFlight: [], waiting: [], begun: [], refused: [] }
        const begun: Array<number> = []
        const refused: Array<number> = []
        const ends = new Map<number, Deferred.Deferred<number, End>>()
        const fibers = new Map<number, Fiber.Fiber<void>>()
        let ids = 0

        const ask = Effect.fnUntraced(function* (most: number) {
          const id = ids++
          const end = yield* Deferred.make<number, End>()
          ends.set(id, end)
          const request = Effect.andThen(
            Effect.sync(() => begun.push(id)),
            Deferred.await(end)
          )
          const used = (exit: Exit.Exit<number, End>) =>
            Exit.isSuccess(exit)
              ? amount(exit.value)
              : exit.cause.reasons.some((reason) => reason._tag === "Fail" && reason.error._tag === "RateLimited")
                ? Ledger.nothing
                : undefined
          const asked = ledger
            .during(() => amount(most), request, used)
            .pipe(
              Effect.catch((error) =>
                Effect.sync(() => {
                  if (error instanceof BudgetExceeded) refused.push(id)
                })
              ),
              Effect.asVoid
            )
          fibers.set(id, yield* Effect.forkChild(asked))
          model.waiting.push({ id, most })
          admit(model, cap)
        })

        const end = Effect.fnUntraced(function* (which: number, how: (request: Request) => Effect.Effect<number>) {
          const request = model.inFlight[which % Math.max(1, model.inFlight.length)]
          if (request === undefined) return
          const used = yield* how(request)
          model.inFlight = model.inFlight.filter(({ id }) => id !== request.id)
          model.spent += used
          admit(model, cap)
        })

        const step = (command: Command): Effect.Effect<void> => {
          switch (command._tag) {
            case "Ask":
              return ask(command.most)
            case "Reply":
              return end(command.which, ({ id, most }) => {
                const used = Math.floor((most * command.share) / 100)
                return Effect.as(Deferred.succeed(ends.get(id)!, used), used)
              })
            case "Refuse":
              return end(command.which, ({ id }) =>
                Effect.as(Deferred.fail(ends.get(id)!, new RateLimited({ message: "slow down" })), 0)
              )
            case "TimeOut":
              return end(command.which, ({ id, most }) =>
                Effect.as(Deferred.fail(ends.get(id)!, new TimedOut({ message: "late", afterMs: 1 })), most)
              )
            case "Cancel":
              return end(command.which, ({ id, most }) => Effect.as(Fiber.interrupt(fibers.get(id)!), most))
            case "Leave": {
              const request = model.waiting[command.which % Math.max(1, model.waiting.length)]
              if (request === undefined) return Effect.void
              model.waiting = model.waiting.filter(({ id }) => id !== request.id)
              admit(model, cap)
              return Effect.asVoid(Fiber.interrupt(fibers.get(request.id)!))
            }
          }
        }

        for (const command of commands) {
          yield* step(command)
          yield* settle
          assert.deepStrictEqual(begun, model.begun)
          assert.deepStrictEqual(refused, model.refused)
          assert.strictEqual(ledger.spent().outputTokens, model.spent)
          const reserved = model.inFlight.reduce((sum, { most }) => sum + most, 0)
          assert.strictEqual(ledger.reserved().outputTokens, reserved)
          assert.isAtMost(model.spent + reserved, cap)
        }
        yield* Effect.forEach(fibers.values(), Fiber.interrupt)
        // whoever waited is gone, and nothing is set aside for anyone
        assert.deepStrictEqual(ledger.reserved(), Ledger.nothing)
      }),
    { arbitrary: { runs: 200 } }
  )
})
