import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../journal/Journal.ts"
import type { Record } from "../journal/Record.ts"
import * as Completion from "../model/Completion.ts"
import { type Identity, ModelIdentity } from "../model/ModelIdentity.ts"
import * as Request from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import { BackwardModel, TextModel } from "../model/TextModel.ts"
import * as Errors from "../model/TextModelError.ts"
import * as Fallback from "./Fallback.ts"
import * as Models from "./Models.ts"

const request = (sample = 0) => Request.make({ purpose: "forward", messages: [], sample })
const away = new Errors.ProviderUnavailable({ message: "away" })

/** A named model, and how often it was asked. */
const model = (name: string, says: (call: number) => ReturnType<Service["complete"]>) => {
  const seen = { asked: 0 }
  const identity: Identity = { provider: "test", model: name, endpoint: `http://${name}` }
  const service: Service = { identity, complete: () => Effect.suspend(() => says(seen.asked++)) }
  return { seen, service, layer: Layer.succeed(TextModel, service) }
}

const ok = () => Effect.succeed(Completion.make("ok"))

const others: ReadonlyArray<Errors.TextModelError> = [
  away,
  new Errors.TimedOut({ message: "late", afterMs: 1 }),
  new Errors.RateLimited({ message: "come back tomorrow", retryAfterMs: 86_400_000 }),
  new Errors.Unauthorized({ message: "no such key" }),
  new Errors.QuotaExhausted({ message: "no credit" }),
  new Errors.ModelUnknown({ message: "no such model" })
]
const same: ReadonlyArray<Errors.TextModelError> = [
  new Errors.InvalidRequest({ message: "malformed" }),
  new Errors.ContextTooLong({ message: "too long" }),
  new Errors.ContentFiltered({ message: "withheld" }),
  new Errors.EmptyReply({ message: "nothing" }),
  new Errors.ReplyCut({ message: "cut", text: "ha" }),
  new Errors.ReplyUnreadable({ message: "unreadable", text: "?" }),
  new Errors.ReplyTooLarge({ message: "too large" }),
  new Errors.BudgetExceeded({ message: "used up", of: "calls", limit: 1, spent: 1 }),
  new Errors.JournalUnwritable({ message: "the disk is full" }),
  new Errors.JournalMismatch({ message: "another run", place: "step 3" })
]

describe("a chain of models", () => {
  for (const error of others) {
    it.effect(`asks the next about what the first failed with as ${error._tag}, and says who answered`, () =>
      Effect.gen(function* () {
        const [one, two] = [model("one", () => Effect.fail(error)), model("two", ok)]
        const reply = yield* Fallback.chain([one.service, two.service]).complete(request())
        assert.deepStrictEqual([reply.text, reply.model], ["ok", "two"])
      })
    )
  }

  for (const error of same) {
    it.effect(`fails with ${error._tag}: it would be the same with the next`, () =>
      Effect.gen(function* () {
        const [one, two] = [model("one", () => Effect.fail(error)), model("two", ok)]
        assert.strictEqual(yield* Effect.flip(Fallback.chain([one.service, two.service]).complete(request())), error)
        assert.strictEqual(two.seen.asked, 0)
      })
    )
  }

  it.effect("knows every error there is as one or the other", () =>
    Effect.sync(() => {
      const tags = Errors.TextModelError.members.map((member) => member.fields._tag.schema.literal)
      assert.sameMembers(
        [...others, ...same].map(({ _tag }) => _tag),
        tags
      )
    })
  )

  it.effect("keeps the name that a provider gives itself", () =>
    Effect.gen(function* () {
      const one = model("one", () => Effect.succeed(Completion.make("ok", { model: "one-2026" })))
      assert.strictEqual((yield* Fallback.chain([one.service]).complete(request())).model, "one-2026")
    })
  )

  it.effect("passes over who was found dead for a minute, then asks it again", () =>
    Effect.gen(function* () {
      let dead = true
      const one = model("one", () => (dead ? Effect.fail(away) : ok()))
      const two = model("two", ok)
      const chain = Fallback.chain([one.service, two.service])
      const who = Effect.map(chain.complete(request()), (reply) => reply.model)
      for (let i = 0; i < 5; i++) assert.strictEqual(yield* who, "two")
      assert.strictEqual(one.seen.asked, 1)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* who, "two")
      assert.strictEqual(one.seen.asked, 2)
      dead = false
      assert.strictEqual(yield* who, "two")
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([yield* who, yield* who], ["one", "one"])
      assert.strictEqual(two.seen.asked, 7)
    })
  )

  it.effect("fails with what the last failed with, where all did", () =>
    Effect.gen(function* () {
      const [one, two, three] = [others[3]!, others[4]!, others[5]!].map((error, i) =>
        model(String(i), () => Effect.fail(error))
      )
      const chain = Fallback.chain([one!.service, two!.service, three!.service])
      for (let i = 0; i < 3; i++) assert.strictEqual(yield* Effect.flip(chain.complete(request())), others[5])
      assert.deepStrictEqual(
        [one, two, three].map((each) => each!.seen.asked),
        [1, 1, 1]
      )
    })
  )

  it.effect("has an identity of all of them, in their order", () =>
    Effect.sync(() => {
      const [one, two] = [model("one", ok).service, model("two", ok).service]
      assert.deepStrictEqual(Fallback.chain([one, two]).identity, {
        provider: "test > test",
        model: "one > two",
        endpoint: "http://one > http://two"
      })
      assert.notDeepEqual(Fallback.chain([one, two]).identity, Fallback.chain([two, one]).identity)
      assert.isUndefined(Fallback.chain([{ complete: ok }]).identity)
    })
  )
})

describe("a chain as the source of a role", () => {
  it.effect("retries each of its models for itself, and notes each request by who got it", () =>
    Effect.gen(function* () {
      const one = model("one", () => Effect.fail(away))
      const two = model("two", (call) => (call === 0 ? Effect.fail(away) : ok()))
      const records: Array<Record> = []
      const ask = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild((yield* TextModel).complete(request()))
        yield* TestClock.adjust("1 minute")
        return yield* Fiber.join(fiber)
      })
      const models = Models.layer({ forward: Fallback.layer([one.layer, two.layer]) })
      const again = () => Effect.provide(ask, models.pipe(Layer.provide(Journal.layerMemory(records))))
      assert.strictEqual((yield* again()).model, "two")
      assert.deepStrictEqual([one.seen.asked, two.seen.asked], [3, 2])
      assert.deepStrictEqual(
        records.flatMap((record) => (record._tag === "Sent" ? [record.identity?.model] : [])),
        ["one", "one", "one", "two", "two"]
      )
      // whoever answered then, the journal answers now
      assert.strictEqual((yield* again()).model, "two")
      assert.deepStrictEqual([one.seen.asked, two.seen.asked], [3, 2])
    })
  )

  it.effect("gives each of its models places of its own: one that limits calls does not hold up the other", () =>
    Effect.gen(function* () {
      const limited = new Errors.RateLimited({ message: "in an hour", retryAfterMs: 3_600_000 })
      const one = model("one", () => Effect.fail(limited))
      const two = model("two", () => Effect.delay(ok(), 100))
      yield* Effect.gen(function* () {
        const forward = yield* TextModel
        const fiber = yield* Effect.forkChild(
          Effect.forEach(Array.from({ length: 8 }), (_, i) => forward.complete(request(i)), {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust(400)
        assert.lengthOf(yield* Fiber.join(fiber), 8)
        assert.isAtMost(one.seen.asked, 2)
      }).pipe(Effect.provide(Models.layer({ forward: Fallback.layer([one.layer, two.layer]), concurrency: 2 })))
    })
  )

  it.effect("shares the places of a model that stands in the chains of two roles", () =>
    Effect.gen(function* () {
      const seen = { running: 0, most: 0 }
      const shared: Service = {
        complete: () =>
          Effect.suspend(() => {
            seen.most = Math.max(seen.most, ++seen.running)
            return Effect.ensuring(
              Effect.delay(ok(), 100),
              Effect.sync(() => seen.running--)
            )
          })
      }
      const dead = (name: string) => model(name, () => Effect.fail(others[3]!)).service
      const source = (name: string) => Layer.succeed(TextModel, Fallback.chain([dead(name), shared]))
      yield* Effect.gen(function* () {
        const roles = [yield* TextModel, yield* BackwardModel]
        const fiber = yield* Effect.forkChild(
          Effect.forEach(Array.from({ length: 12 }), (_, i) => roles[i % 2]!.complete(request(i)), {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust("1 minute")
        assert.lengthOf(yield* Fiber.join(fiber), 12)
      }).pipe(Effect.provide(Models.layer({ forward: source("one"), backward: source("two"), concurrency: 3 })))
      assert.strictEqual(seen.most, 3)
    })
  )

  it.effect("is built of any sources, once each", () =>
    Effect.gen(function* () {
      const built: Array<string> = []
      const source = (name: string, service: Service) =>
        Layer.effect(
          TextModel,
          Effect.sync(() => {
            built.push(name)
            return service
          })
        ).pipe(Layer.merge(Layer.succeed(ModelIdentity, { provider: "test", model: name })))
      const scripted = yield* ScriptedModel.make(["one", "two", "three"])
      const chain = Fallback.layer([
        source("dead", { complete: () => Effect.fail(others[3]!) }),
        scripted.layer as Layer.Layer<TextModel>
      ])
      const replies = yield* Effect.provide(
        Effect.flatMap(TextModel, ({ complete }) => Effect.forEach([0, 1, 2], (i) => complete(request(i)))),
        chain
      )
      assert.deepStrictEqual(
        replies.map(({ text }) => text),
        ["one", "two", "three"]
      )
      assert.deepStrictEqual(built, ["dead"])
    })
  )
})
