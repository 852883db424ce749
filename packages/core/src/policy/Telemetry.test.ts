import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Metric, Option, Redacted, Tracer } from "effect"
import { TestClock } from "effect/testing"
import {
  CapturesText,
  Completion,
  Journal,
  type JournalRecord,
  Message,
  ModelIdentity,
  Models,
  Place,
  Request,
  Secrets,
  TextModel,
  TextModelError,
  type TextModelService
} from "../index.ts"

const identity = ModelIdentity.named({ provider: "openai", model: "gpt-test", url: "https://api.example/v1" })
const request = Request.make({
  purpose: "judge",
  messages: [Message.system("be fair"), Message.user("a private matter")],
  sampling: { temperature: 0.5, maxOutputTokens: 64 }
})
const usage = { calls: 1, inputTokens: 120, cachedInputTokens: 100, outputTokens: 30 }
const reply = Completion.make("a private answer", { model: "gpt-test-2026", usage })
const ask = Effect.flatMap(TextModel, ({ complete }) => complete(request))

/** All spans that are made, in order, and a registry of metrics of their own. */
const watched = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const layer = Layer.succeedContext(
    Context.make(Tracer.Tracer, tracer).pipe(Context.add(Metric.MetricRegistry, new Map()))
  )
  return { spans, layer }
}

const models = (complete: TextModelService["complete"], retry = { base: 100 }) =>
  Models.layer({ forward: Layer.succeed(TextModel, { identity, complete }), retry })

const failing = (times: number, error: TextModelError.TextModelError): TextModelService["complete"] => {
  let left = times
  return () => Effect.suspend(() => (left-- > 0 ? Effect.fail(error) : Effect.succeed(reply)))
}

/** Lets the pauses between attempts pass. */
const waited = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  })

const values = Effect.map(Metric.snapshot, (metrics) =>
  Object.fromEntries(
    metrics.map(({ id, attributes = {}, state }) => {
      const { "backprose.answered_by": by, "error.type": error, "gen_ai.token.type": type } = attributes
      const label = [id, by, error, type].filter((part) => part !== undefined).join(" ")
      return [label, "sum" in state ? [state.count, state.sum] : "count" in state ? Number(state.count) : state]
    })
  )
)

describe("a model call as a span", () => {
  it.effect("says which model was asked what for, and what came back, in the words of OpenTelemetry", () => {
    const { layer, spans } = watched()
    return Effect.gen(function* () {
      yield* ask.pipe(Place.within("step 2"))
      assert.deepStrictEqual(
        spans.map(({ name, kind }) => [name, kind]),
        [["chat gpt-test", "client"]]
      )
      assert.deepStrictEqual(Object.fromEntries(spans[0]!.attributes), {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-test",
        "server.address": "api.example",
        "server.port": 443,
        "backprose.purpose": "judge",
        "backprose.place": "step 2",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 64,
        "backprose.attempts": 1,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.model": "gpt-test-2026",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 30,
        "gen_ai.usage.cache_read.input_tokens": 100
      })
    }).pipe(Effect.provide(models(() => Effect.succeed(reply)).pipe(Layer.provideMerge(layer))))
  })

  it.effect("holds no text, unless that is asked for; then without secrets", () => {
    const { layer, spans } = watched()
    return Effect.gen(function* () {
      yield* ask
      assert.notInclude(JSON.stringify([...spans[0]!.attributes]), "private")
      yield* Effect.provideService(ask, CapturesText, true)
      const attributes = Object.fromEntries(spans[1]!.attributes)
      assert.deepStrictEqual(JSON.parse(String(attributes["gen_ai.input.messages"])), [
        { role: "system", parts: [{ type: "text", content: "be fair" }] },
        { role: "user", parts: [{ type: "text", content: "*** matter" }] }
      ])
      assert.deepStrictEqual(JSON.parse(String(attributes["gen_ai.output.messages"])), [
        { role: "assistant", parts: [{ type: "text", content: "*** answer" }], finish_reason: "stop" }
      ])
    }).pipe(
      Effect.provide(
        models(() => Effect.succeed(reply)).pipe(
          Layer.provide(Secrets.layer([Redacted.make("a private")])),
          Layer.provideMerge(layer)
        )
      )
    )
  })

  it.effect("spans all attempts, with their number, and what the last one failed with", () => {
    const { layer, spans } = watched()
    const error = new TextModelError.ProviderUnavailable({ message: "down" })
    return Effect.gen(function* () {
      yield* waited(Effect.flip(ask))
      const { attributes } = spans[0]!
      assert.deepStrictEqual([attributes.get("backprose.attempts"), attributes.get("error.type")], [3, error._tag])
    }).pipe(Effect.provide(models(failing(3, error)).pipe(Layer.provideMerge(layer))))
  })

  it.effect("has no attempts where the journal had the reply, and lies inside the span of its caller", () => {
    const { layer, spans } = watched()
    const records: Array<JournalRecord.Record> = []
    const run = ask.pipe(
      Effect.withSpan("outer"),
      Effect.provide(models(failing(0, new TextModelError.EmptyReply({ message: "" })))),
      Effect.provide(Layer.merge(Journal.layerMemory(records), layer))
    )
    return Effect.gen(function* () {
      yield* run
      yield* run
      const attempts = spans.map(({ attributes }) => attributes.get("backprose.attempts"))
      assert.deepStrictEqual(attempts, [undefined, 1, undefined, 0])
      assert.strictEqual(Option.getOrUndefined(spans[1]!.parent)?.spanId, spans[0]!.spanId)
    })
  })
})

describe("model calls as metrics", () => {
  it.effect("are counted, timed and their tokens added up, retries and failures for themselves", () => {
    const { layer } = watched()
    const busy = new TextModelError.RateLimited({ message: "slow down" })
    const slow = failing(2, busy)
    return Effect.gen(function* () {
      yield* waited(ask)
      assert.deepStrictEqual(yield* values, {
        "backprose.calls provider": 1,
        "backprose.retries": 2,
        "gen_ai.client.operation.duration": [1, 2],
        "gen_ai.client.operation.duration RateLimited": [2, 4],
        "gen_ai.client.token.usage input": [1, 120],
        "gen_ai.client.token.usage output": [1, 30]
      })
    }).pipe(
      Effect.provide(models((request) => Effect.delay(slow(request), "2 seconds")).pipe(Layer.provideMerge(layer)))
    )
  })

  it.effect("tell what failed for good from what was answered without asking", () => {
    const { layer } = watched()
    const records: Array<JournalRecord.Record> = []
    const run = Effect.ignore(ask).pipe(
      Effect.provide(models(failing(1, new TextModelError.Unauthorized({ message: "no" })))),
      Effect.provide(Journal.layerMemory(records))
    )
    return Effect.gen(function* () {
      yield* run
      yield* run
      const { "gen_ai.client.operation.duration Unauthorized": timed, ...counted } = yield* values
      assert.deepStrictEqual(counted, {
        "backprose.calls provider": 1,
        "backprose.calls kept": 1,
        "backprose.failures Unauthorized": 2
      })
      assert.deepStrictEqual(timed, [1, 0])
    }).pipe(Effect.provide(layer))
  })
})
