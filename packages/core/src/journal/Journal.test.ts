import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Completion from "../model/Completion.ts"
import * as Place from "../model/Place.ts"
import * as Request from "../model/Request.ts"
import { TextModel } from "../model/TextModel.ts"
import { EmptyReply, ProviderUnavailable, type TextModelError } from "../model/TextModelError.ts"
import * as Models from "../policy/Models.ts"
import { UsageMeter } from "../policy/UsageMeter.ts"
import * as Journal from "./Journal.ts"
import type { Record } from "./Record.ts"

const ask = (text: string, sample = 0) =>
  Effect.flatMap(TextModel, (model) =>
    model.complete(Request.make({ purpose: "forward", messages: [{ role: "user", content: text }], sample }))
  ).pipe(Effect.map(({ text }) => text))

/** A provider that never says the same twice. */
const provider = (say: (call: number) => Effect.Effect<Completion.Completion, TextModelError>) => {
  const asked = { calls: 0 }
  return {
    asked,
    layer: Layer.succeed(TextModel, { complete: () => Effect.suspend(() => say(asked.calls++)) })
  }
}
const counting = () =>
  provider((call) =>
    Effect.succeed(
      Completion.make(`reply ${call}`, { usage: { calls: 1, inputTokens: 3, cachedInputTokens: 0, outputTokens: 2 } })
    )
  )

const session = <A, E>(
  records: Array<Record>,
  models: ReturnType<typeof provider>,
  program: Effect.Effect<A, E, TextModel>,
  fingerprint: Readonly<{ [name: string]: string }> = {}
) =>
  program.pipe(
    Effect.provide(Models.layer({ forward: models.layer, retry: { times: 0 } }), { local: true }),
    Effect.provide(Journal.layerMemory(records, fingerprint), { local: true })
  )

const mark = (name: string) => Effect.flatMap(Journal.Journal, (journal) => journal.mark(name))

describe("a run over its journal", () => {
  it.effect("asks nothing again: equal questions, samples and places each get their own reply back", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const here = [yield* ask("a"), yield* ask("a"), yield* ask("a", 1), yield* ask("b")]
        const there = yield* Effect.all([Place.within("x")(ask("a")), Place.within("y")(ask("a"))])
        return { replies: [...here, ...there], usage: yield* Effect.flatMap(UsageMeter, ({ read }) => read) }
      })
      const records: Array<Record> = []
      const models = counting()
      const first = yield* session(records, models, program)
      assert.deepStrictEqual(
        first.replies,
        [0, 1, 2, 3, 4, 5].map((i) => `reply ${i}`)
      )
      assert.deepStrictEqual(yield* session(records, models, program), first)
      assert.strictEqual(models.asked.calls, 6)
      assert.strictEqual(first.usage.inputTokens, 18)
    })
  )

  it.effect("goes on where it had stopped", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      const models = counting()
      yield* session(records, models, ask("a"))
      const program = Effect.all([ask("a"), ask("b")])
      assert.deepStrictEqual(yield* session(records, models, program), ["reply 0", "reply 1"])
    })
  )

  it.effect("meets the failures again that it went on with, and asks again about those that ended it", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      const models = provider((call) =>
        call === 0
          ? Effect.fail(new ProviderUnavailable({ message: "away" }))
          : Effect.succeed(Completion.make(`reply ${call}`))
      )
      const program = Effect.all([Effect.orElseSucceed(ask("a"), () => "none"), ask("b")])
      assert.deepStrictEqual(yield* session(records, models, program), ["none", "reply 1"])
      assert.deepStrictEqual(yield* session(records, models, program), ["none", "reply 1"])
      yield* session(
        records,
        models,
        Effect.flatMap(Journal.Journal, ({ end }) => end(true))
      )
      assert.deepStrictEqual(yield* session(records, models, program), ["reply 2", "reply 1"])
    })
  )

  it.effect("keeps the result of any effect", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      let ran = 0
      const program = Effect.flatMap(Journal.Journal, (journal) =>
        journal.recorded(
          "verifier",
          "code",
          Schema.Finite,
          Effect.sync(() => ++ran)
        )
      )
      assert.strictEqual(yield* session(records, counting(), program), 1)
      assert.strictEqual(yield* session(records, counting(), program), 1)
      assert.strictEqual(ran, 1)
    })
  )
})

describe("a call that was given up", () => {
  const slow = (say: (call: number) => Effect.Effect<Completion.Completion, TextModelError>) =>
    provider((call) => (call === 0 ? Effect.andThen(Effect.sleep("1 hour"), say(call)) : say(call)))
  const away = () => Effect.fail(new EmptyReply({ message: "no text" }))

  it.effect("for another's failure is given up again, and asked for no second time", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const both = Effect.all([Place.within("x")(ask("a")), Place.within("y")(ask("b"))], { concurrency: 2 })
        const result = yield* Effect.catchTag(both, "EmptyReply", () => Effect.succeed("none"))
        yield* mark("step 1")
        return result
      })
      const records: Array<Record> = []
      const models = slow(away)
      assert.strictEqual(yield* session(records, models, program), "none")
      assert.strictEqual(yield* session(records, models, program), "none")
      assert.strictEqual(models.asked.calls, 2)
    })
  )

  describe("before it was made, since a call beside it failed", () => {
    /** Two questions one after the other, and one beside them that fails. */
    const program = Effect.all(
      [Place.within("x")(Effect.andThen(ask("first"), ask("second"))), Place.within("y")(ask("beside"))],
      { concurrency: 2, discard: true }
    ).pipe(
      Effect.catchTag("EmptyReply", () => Effect.void),
      Place.within("step 1")
    )
    const models = (secondMs: number) => {
      const asked: Array<string> = []
      return {
        asked,
        layer: Layer.succeed(TextModel, {
          complete: (request) => {
            const text = JSON.stringify(request.messages)
            asked.push(text)
            if (text.includes("beside"))
              return Effect.delay(Effect.fail(new EmptyReply({ message: "none" })), "1 minute")
            return Effect.as(Effect.sleep(text.includes("second") ? secondMs : 10), Completion.make("reply"))
          }
        })
      }
    }
    const run = <A, E>(
      records: Array<Record>,
      { layer }: ReturnType<typeof models>,
      program: Effect.Effect<A, E, TextModel>
    ) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(session(records, { asked: { calls: 0 }, layer }, program))
        yield* TestClock.adjust("1 hour")
        return yield* Fiber.join(fiber)
      })

    it.effect("is not made in a step that was complete, and no change of the program", () =>
      Effect.gen(function* () {
        const records: Array<Record> = []
        const first = models(1_000_000)
        yield* run(records, first, Effect.andThen(program, mark("step 1")))
        assert.strictEqual(first.asked.length, 3)
        // as it is where the failure came before the second question: of that one nothing is known
        const known = records.filter(
          (record) => !JSON.stringify(record).includes("second") && record._tag !== "GivenUp"
        )
        const again = models(10)
        yield* run(known, again, Effect.andThen(program, mark("step 1")))
        assert.deepStrictEqual(again.asked, [])
      })
    )

    it.effect("may be missing from what is asked again in a step that was not complete", () =>
      Effect.gen(function* () {
        const records: Array<Record> = []
        yield* run(records, models(10), program)
        const cutShort = Effect.all([
          Place.within("x")(ask("first")),
          Place.within("y")(Effect.flip(ask("beside")))
        ]).pipe(Place.within("step 1"))
        yield* run(records, models(10), Effect.andThen(cutShort, mark("step 1")))
      })
    )
  })

  it.effect("for a faster one's reply is given up again", () =>
    Effect.gen(function* () {
      const program = Effect.race(Place.within("x")(ask("a")), Place.within("y")(ask("b"))).pipe(
        Effect.tap(() => mark("step 1"))
      )
      const records: Array<Record> = []
      const models = slow((call) => Effect.succeed(Completion.make(`reply ${call}`)))
      assert.strictEqual(yield* session(records, models, program), "reply 1")
      assert.strictEqual(yield* session(records, models, program), "reply 1")
      assert.strictEqual(models.asked.calls, 2)
    })
  )

  it.effect("because the run was stopped is asked again", () =>
    Effect.gen(function* () {
      const program = Effect.tap(ask("a"), () => mark("step 1"))
      const records: Array<Record> = []
      const models = slow((call) => Effect.succeed(Completion.make(`reply ${call}`)))
      const fiber = yield* Effect.forkChild(session(records, models, program))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* session(records, models, program), "reply 1")
      assert.strictEqual(yield* session(records, models, program), "reply 1")
    })
  )

  it.effect("and is waited for now is a change of the program, told after a while", () =>
    Effect.gen(function* () {
      const patient = Effect.tap(ask("a"), () => mark("step 1"))
      const impatient = Effect.tap(Effect.timeoutOption(ask("a"), "1 second"), () => mark("step 1"))
      const records: Array<Record> = []
      const models = slow(() => Effect.succeed(Completion.make("reply")))
      const first = yield* Effect.forkChild(session(records, models, impatient))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Option.isNone(yield* Fiber.join(first)))
      const second = yield* Effect.forkChild(Effect.flip(session(records, models, patient)))
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* Fiber.join(second))._tag, "JournalMismatch")
    })
  )
})

describe("an effect that failed", () => {
  it.effect("is run again, and is no change of the program", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      let ran = 0
      const program = Effect.gen(function* () {
        const journal = yield* Journal.Journal
        const verify = Effect.suspend(() => (ran++ === 0 ? Effect.fail("broken") : Effect.succeed(ran)))
        const result = yield* Effect.orElseSucceed(journal.recorded("verifier", "code", Schema.Finite, verify), () => 0)
        yield* journal.mark("step 1")
        return result
      })
      assert.strictEqual(yield* session(records, counting(), program), 0)
      assert.strictEqual(yield* session(records, counting(), program), 2)
    })
  )
})

describe("a run that is no longer the one that wrote its journal", () => {
  it.effect("is told the step in which it asks something new", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      const models = counting()
      const before = Effect.andThen(Place.within("step 1")(ask("a")), mark("step 1"))
      yield* session(records, models, before)
      yield* session(records, models, before)
      const after = Effect.andThen(Place.within("step 1")(ask("another")), mark("step 1"))
      const fiber = yield* Effect.forkChild(Effect.flip(session(records, models, after)))
      yield* TestClock.adjust("1 minute")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag === "JournalMismatch" && error.place, "step 1")
      assert.strictEqual(models.asked.calls, 1)
    })
  )

  it.effect("is told in a step that was not complete, before it goes beyond it", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      const models = counting()
      yield* session(records, models, Place.within("step 1")(ask("a")))
      const error = yield* Effect.flip(
        session(records, models, Effect.andThen(Place.within("step 1")(ask("another")), mark("step 1")))
      )
      assert.strictEqual(error._tag, "JournalMismatch")
      assert.include(error.message, "step 1")
    })
  )

  it.effect("is told which of its settings changed, before it asks anything", () =>
    Effect.gen(function* () {
      const records: Array<Record> = []
      const models = counting()
      yield* session(records, models, ask("a"), { seed: "1", task: "triage" })
      const error = yield* Effect.flip(session(records, models, ask("a"), { seed: "2", task: "triage" }))
      assert.strictEqual(error._tag, "JournalMismatch")
      assert.include(error.message, "seed")
      assert.notInclude(error.message, "task")
      assert.strictEqual(models.asked.calls, 1)
    })
  )
})
