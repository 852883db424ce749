import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Logger } from "effect"
import * as Journal from "../journal/Journal.ts"
import type { Record } from "../journal/Record.ts"
import * as Completion from "../model/Completion.ts"
import { type Identity, ModelIdentity } from "../model/ModelIdentity.ts"
import * as Request from "../model/Request.ts"
import { BackwardModel, TextModel } from "../model/TextModel.ts"
import { ProviderUnavailable, type TextModelError } from "../model/TextModelError.ts"
import * as Models from "../policy/Models.ts"
import { UsageMeter } from "../policy/UsageMeter.ts"
import * as Cache from "./Cache.ts"
import { type Store, StoreFailed } from "./Store.ts"

const identity: Identity = { provider: "test", model: "one" }
const paid = { calls: 1, inputTokens: 3, cachedInputTokens: 0, outputTokens: 2 }
const reply = (text: string, fields: Partial<Completion.Completion> = {}) =>
  Completion.make(text, { usage: paid, model: "one-2026", ...fields })
const request = (text: string, fields: Partial<Request.Request> = {}) =>
  Request.make({ purpose: "forward", messages: [{ role: "user", content: text }], ...fields })

type Say = (call: number) => Effect.Effect<Completion.Completion, TextModelError>

/** A provider that counts, and never says the same twice unless told to. */
const provider = (
  say: Say = (call) => Effect.succeed(reply(`reply ${call}`)),
  name: Identity | undefined = identity
) => {
  const asked = { calls: 0 }
  return { asked, model: { identity: name, complete: () => Effect.suspend(() => say(asked.calls++)) } }
}

const memory = Effect.provide(Cache.layerMemory())

describe("a cached reply", () => {
  it.effect("is the reply as it came, at no usage", () =>
    Effect.gen(function* () {
      const cache = yield* Cache.Cache
      const { model, asked } = provider()
      const { complete } = cache.cached(model)
      assert.deepStrictEqual(yield* complete(request("a")), reply("reply 0"))
      assert.deepStrictEqual(yield* complete(request("a")), reply("reply 0", { usage: Completion.noUsage }))
      assert.strictEqual(asked.calls, 1)
      assert.deepStrictEqual(yield* cache.counts, { hits: 1, shared: 0, stored: 1 })
    }).pipe(memory)
  )

  it.effect("is none for another sample, temperature, model, server or setting", () =>
    Effect.gen(function* () {
      const { cached } = yield* Cache.Cache
      const { asked, model } = provider()
      const others = [
        { ...identity, model: "two" },
        { ...identity, provider: "other" },
        { ...identity, endpoint: "http://127.0.0.1:1/v1" },
        { ...identity, settings: "0".repeat(64) }
      ]
      yield* cached(model).complete(request("a"))
      yield* cached(model).complete(request("a", { sample: 1 }))
      yield* cached(model).complete(request("a", { sampling: { temperature: 0 } }))
      for (const other of others) yield* cached({ ...model, identity: other }).complete(request("a"))
      assert.strictEqual(asked.calls, 7)
    }).pipe(memory)
  )

  it.effect("of a model without a name is never another's", () =>
    Effect.gen(function* () {
      const cache = yield* Cache.Cache
      const one = cache.cached({ complete: provider(() => Effect.succeed(reply("one"))).model.complete })
      const two = cache.cached({ complete: provider(() => Effect.succeed(reply("two"))).model.complete })
      const texts = []
      for (const model of [one, two, one, two]) texts.push((yield* model.complete(request("a"))).text)
      assert.deepStrictEqual(texts, ["one", "two", "one", "two"])
      assert.strictEqual((yield* cache.counts).hits, 2)
    }).pipe(memory)
  )

  for (const [what, bad] of [
    ["empty", reply(" \n")],
    ["cut", reply("half a", { finishReason: "length" })],
    ["filtered", reply("some", { finishReason: "content-filter" })],
    ["a call of tools", reply("some", { finishReason: "tool-calls" })]
  ] as const) {
    it.effect(`is never one that was ${what}`, () =>
      Effect.gen(function* () {
        const { cached } = yield* Cache.Cache
        const { model, asked } = provider((call) => Effect.succeed(call === 0 ? bad : reply("whole")))
        const { complete } = cached(model)
        assert.deepStrictEqual(yield* complete(request("a")), bad)
        assert.strictEqual((yield* complete(request("a"))).text, "whole")
        assert.strictEqual((yield* complete(request("a"))).text, "whole")
        assert.strictEqual(asked.calls, 2)
      }).pipe(memory)
    )
  }

  it.effect("is never a failure", () =>
    Effect.gen(function* () {
      const { cached } = yield* Cache.Cache
      const { model } = provider((call) =>
        call === 0 ? Effect.fail(new ProviderUnavailable({ message: "away" })) : Effect.succeed(reply("here"))
      )
      const { complete } = cached(model)
      assert.strictEqual((yield* Effect.flip(complete(request("a"))))._tag, "ProviderUnavailable")
      assert.strictEqual((yield* complete(request("a"))).text, "here")
    }).pipe(memory)
  )
})

describe("equal questions at once", () => {
  const all = (complete: (request: Request.Request) => Effect.Effect<Completion.Completion, TextModelError>) =>
    Effect.all(
      Array.from({ length: 20 }, () => Effect.exit(complete(request("a")))),
      { concurrency: "unbounded" }
    )
  const slow = Effect.yieldNow.pipe(Effect.repeat({ times: 5 }))

  it.effect("are asked once, and the reply is paid once", () =>
    Effect.gen(function* () {
      const { cached, counts } = yield* Cache.Cache
      const { model, asked } = provider((call) => Effect.as(slow, reply(`reply ${call}`)))
      const replies = yield* Effect.flatMap(all(cached(model).complete), Effect.all)
      assert.deepStrictEqual(new Set(replies.map(({ text }) => text)), new Set(["reply 0"]))
      assert.strictEqual(
        replies.map(({ usage }) => usage.calls).reduce((a, b) => a + b),
        1
      )
      assert.strictEqual(asked.calls, 1)
      assert.deepStrictEqual(yield* counts, { hits: 0, shared: 19, stored: 1 })
    }).pipe(memory)
  )

  it.effect("meet a dead provider once", () =>
    Effect.gen(function* () {
      const { cached } = yield* Cache.Cache
      const { model, asked } = provider(() =>
        Effect.andThen(slow, Effect.fail(new ProviderUnavailable({ message: "away" })))
      )
      const exits = yield* all(cached(model).complete)
      assert.isTrue(exits.every(Exit.isFailure))
      assert.strictEqual(asked.calls, 1)
    }).pipe(memory)
  )

  it.effect("do not end with the one who asked, if it is interrupted", () =>
    Effect.gen(function* () {
      const { cached } = yield* Cache.Cache
      const begun = yield* Deferred.make<void>()
      const { model, asked } = provider((call) =>
        call === 0 ? Effect.andThen(Deferred.succeed(begun, undefined), Effect.never) : Effect.succeed(reply("late"))
      )
      const { complete } = cached(model)
      const leader = yield* Effect.forkChild(complete(request("a")))
      yield* Deferred.await(begun)
      const followers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(complete(request("a"))))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(leader)
      const texts = yield* Effect.forEach(followers, (fiber) => Effect.map(Fiber.join(fiber), ({ text }) => text))
      assert.deepStrictEqual(texts, ["late", "late", "late"])
      assert.strictEqual(asked.calls, 2)
    }).pipe(memory)
  )

  it.effect("go on when one who waits is interrupted", () =>
    Effect.gen(function* () {
      const { cached } = yield* Cache.Cache
      const answer = yield* Deferred.make<Completion.Completion>()
      const { model, asked } = provider(() => Deferred.await(answer))
      const { complete } = cached(model)
      const [leader, impatient, follower] = yield* Effect.forEach([0, 1, 2], () =>
        Effect.forkChild(complete(request("a")), { startImmediately: true })
      )
      yield* Fiber.interrupt(impatient!)
      yield* Deferred.succeed(answer, reply("late"))
      assert.strictEqual((yield* Fiber.join(leader!)).text, "late")
      assert.strictEqual((yield* Fiber.join(follower!)).text, "late")
      assert.strictEqual(asked.calls, 1)
    }).pipe(memory)
  )
})

describe("a store that does not do what it should", () => {
  const said = (store: Store, program: Effect.Effect<unknown, unknown>) => {
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => void lines.push(String(message)))
    return Effect.as(program.pipe(Effect.provide(Cache.layer(store)), Effect.provide(Logger.layer([logger]))), lines)
  }
  const program = Effect.gen(function* () {
    const { cached } = yield* Cache.Cache
    const { model } = provider((call) => Effect.succeed(reply(`reply ${call}`)))
    for (let i = 0; i < 5; i++) assert.strictEqual((yield* cached(model).complete(request("a"))).text, `reply ${i}`)
  })
  const fail = (kind: StoreFailed["kind"]) => Effect.fail(new StoreFailed({ kind, message: "EIO" }))

  it.effect("is told of once a kind, and every call is answered", () =>
    Effect.gen(function* () {
      const lines = yield* said({ get: () => fail("read"), set: () => fail("write") }, program)
      assert.lengthOf(lines, 2)
      assert.include(lines[0], "EIO")
    })
  )

  it.effect("may even die", () =>
    Effect.gen(function* () {
      const broken = Effect.die(new Error("a bug"))
      assert.lengthOf(yield* said({ get: () => broken, set: () => broken }, program), 2)
    })
  )

  it.effect("is not believed when it gives another entry than the one asked for", () =>
    Effect.gen(function* () {
      let last: string | undefined
      const lines = yield* said(
        { get: () => Effect.sync(() => last), set: (_, entry) => Effect.sync(() => void (last = entry)) },
        Effect.gen(function* () {
          const { cached } = yield* Cache.Cache
          const { complete } = cached(provider().model)
          assert.strictEqual((yield* complete(request("a"))).text, "reply 0")
          assert.strictEqual((yield* complete(request("b"))).text, "reply 1")
        })
      )
      assert.lengthOf(lines, 1)
    })
  )
})

describe("the models of a run with a cache", () => {
  const models = (source: ReturnType<typeof provider>, budget?: number) =>
    Models.layer({
      forward: Layer.merge(Layer.succeed(TextModel, source.model), Layer.succeed(ModelIdentity, identity)),
      ...(budget === undefined ? {} : { budget: { calls: budget } })
    })
  const ask = (text: string) => Effect.flatMap(TextModel, ({ complete }) => complete(request(text)))

  it.effect("spend nothing of their budget on what they have", () =>
    Effect.gen(function* () {
      const source = provider()
      yield* Effect.all([ask("a"), ask("a"), ask("a"), ask("b")]).pipe(Effect.provide(models(source, 2)))
      assert.strictEqual(source.asked.calls, 2)
    }).pipe(memory)
  )

  it.effect("journal a reply of the cache like any other, and meter it as nothing", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      const source = provider()
      const session = Effect.gen(function* () {
        const replies = yield* Effect.all([ask("a"), ask("a")])
        return { replies, usage: yield* Effect.flatMap(UsageMeter, ({ read }) => read) }
      }).pipe(
        Effect.provide(models(source), { local: true }),
        Effect.provide(Journal.layerMemory(records), { local: true })
      )
      const first = yield* session
      assert.strictEqual(first.usage.calls, 1)
      assert.strictEqual(records.filter(({ _tag }) => _tag === "Replied").length, 2)
      assert.strictEqual(records.filter(({ _tag }) => _tag === "Sent").length, 1)
      assert.deepStrictEqual(yield* session, first)
      assert.strictEqual(source.asked.calls, 1)
    }).pipe(memory)
  )

  it.effect("ask every time without one", () =>
    Effect.gen(function* () {
      const source = provider()
      yield* Effect.all([ask("a"), ask("a")]).pipe(Effect.provide(models(source)))
      assert.strictEqual(source.asked.calls, 2)
      yield* Effect.provide(
        Effect.flatMap(BackwardModel, ({ complete }) => complete(request("a"))),
        models(source)
      )
      assert.strictEqual(source.asked.calls, 3)
    })
  )
})
