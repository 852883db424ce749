import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import { ProviderUnavailable } from "../model/TextModelError.ts"
import * as Concurrency from "./Concurrency.ts"

const request = Request.make({ purpose: "forward", messages: [] })

const busy = (work: (call: number) => ReturnType<Service["complete"]>) => {
  const seen = { running: 0, most: 0, begun: 0 }
  const model: Service = {
    complete: () =>
      Effect.suspend(() => {
        const call = seen.begun++
        seen.most = Math.max(seen.most, ++seen.running)
        return Effect.ensuring(
          work(call),
          Effect.sync(() => seen.running--)
        )
      })
  }
  return { model, seen }
}

describe("a limit on calls at once", () => {
  it.effect("is reached and never exceeded, over all roles that share it; every call is made in its turn", () =>
    Effect.gen(function* () {
      for (const places of [1, 3, 7]) {
        const { model, seen } = busy((call) =>
          Effect.delay(
            call % 5 === 0
              ? Effect.fail(new ProviderUnavailable({ message: "away" }))
              : Effect.succeed(Completion.make("ok")),
            10 + (call % 3) * 10
          )
        )
        const limit = yield* Concurrency.limited(places)
        const roles = [limit(model), limit(model)]
        const fiber = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: 40 }, (_, i) => roles[i % 2]!),
            (role) => Effect.result(role.complete(request)),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("10 seconds")
        const results = yield* Fiber.join(fiber)
        assert.deepStrictEqual([seen.most, seen.begun, seen.running], [places, 40, 0])
        assert.strictEqual(results.filter(({ _tag }) => _tag === "Failure").length, 8)
      }
    })
  )

  it.effect("gives back the place of a call that was interrupted, and of one that never began", () =>
    Effect.gen(function* () {
      const { model, seen } = busy((call) => (call === 0 ? Effect.never : Effect.succeed(Completion.make("ok"))))
      const limited = (yield* Concurrency.limited(1))(model)
      const first = yield* Effect.forkChild(limited.complete(request))
      yield* TestClock.adjust(1)
      const waiting = yield* Effect.forkChild(limited.complete(request))
      yield* TestClock.adjust(1)
      assert.strictEqual(seen.begun, 1)
      yield* Fiber.interrupt(waiting)
      yield* Fiber.interrupt(first)
      assert.strictEqual((yield* limited.complete(request)).text, "ok")
      assert.strictEqual(seen.begun, 2)
    })
  )
})
