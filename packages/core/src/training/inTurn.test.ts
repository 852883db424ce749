import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { EmptyReply, QuotaExhausted } from "../model/TextModelError.ts"
import { inTurn } from "./inTurn.ts"

/** What two branches of so many milliseconds each told, and what came of them. */
const told = (ms: readonly [number, number], failure = new EmptyReply({ message: "of the second" })) =>
  Effect.gen(function* () {
    const events: Array<string> = []
    const branches = inTurn(
      ["first", "second"],
      (event: string) => Effect.sync(() => void events.push(event)),
      (name, emit, index) =>
        Effect.gen(function* () {
          yield* emit(`${name} begins`)
          yield* Effect.sleep(ms[index]!)
          if (name === "second") return yield* failure
          yield* emit(`${name} ends`)
          return name
        })
    )
    const fiber = yield* Effect.forkChild(Effect.flip(branches))
    yield* TestClock.adjust(100)
    return { events, failure: yield* Fiber.join(fiber) }
  })

describe("branches that run at once", () => {
  it.effect("tell the same in the same order whichever is faster, also where a reply could not be used", () =>
    Effect.gen(function* () {
      const expected = {
        events: ["first begins", "first ends", "second begins"],
        failure: new EmptyReply({ message: "of the second" })
      }
      assert.deepStrictEqual(yield* told([10, 20]), expected)
      assert.deepStrictEqual(yield* told([20, 10]), expected)
    })
  )

  it.effect("end at once where the run ends", () =>
    Effect.gen(function* () {
      const { events, failure } = yield* told([20, 10], new QuotaExhausted({ message: "no credit left" }) as never)
      assert.deepStrictEqual(events, ["first begins"])
      assert.strictEqual(failure._tag as string, "QuotaExhausted")
    })
  )
})
