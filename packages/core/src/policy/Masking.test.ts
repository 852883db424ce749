import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Redacted, Result, Schema } from "effect"
import {
  BackwardModel,
  Completion,
  Journal,
  type JournalRecord,
  Message,
  ModelIdentity,
  Models,
  Request,
  Secrets,
  TextModel,
  TextModelError,
  type TextModelService
} from "../index.ts"

const key = "sk-proj-Ab3dEf6hIj9lMn2pQr5tUv8x"
const secrets = Secrets.layer([Redacted.make(key)])
const asked = (text: string, output?: Request.OutputFormat) =>
  Request.make({ purpose: "forward", messages: [Message.user(text)], ...(output === undefined ? {} : { output }) })

const models = (complete: TextModelService["complete"], fields: Partial<TextModelService> = {}) =>
  Models.layer({ forward: Layer.succeed(TextModel, { ...fields, complete }), retry: { times: 0 } })

const ask = (request: Request.Request) => Effect.flatMap(TextModel, ({ complete }) => complete(request))

describe("secrets in the traffic with a model", () => {
  it.effect("reach neither the model, nor the journal, nor whoever reads the reply", () => {
    const seen: Array<Request.Request> = []
    const records: Array<JournalRecord.Record> = []
    const echo = (request: Request.Request) =>
      Effect.sync(() => {
        seen.push(request)
        return Completion.make(`you said ${key}`, { model: `m-${key}` })
      })
    return Effect.gen(function* () {
      const reply = yield* ask(asked(`my key is ${key}`, { name: key, jsonSchema: { title: key } }))
      assert.strictEqual(reply.text, "you said ***")
      assert.strictEqual(seen[0]?.messages[0]?.content, "my key is ***")
      assert.notInclude(JSON.stringify([reply, seen, records]), key)
      assert.strictEqual(records.filter(({ _tag }) => _tag === "Replied").length, 1)
    }).pipe(
      Effect.provide(models(echo, { identity: ModelIdentity.named({ provider: "p", model: key }) })),
      Effect.provide(Layer.merge(secrets, Journal.layerMemory(records)))
    )
  })

  it.effect("leave no error: it keeps its kind and its figures", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(ask(asked("hi")))
      assert.instanceOf(error, TextModelError.RateLimited)
      assert.deepStrictEqual([error.message, error._tag === "RateLimited" && error.retryAfterMs], ["no: ***", 7])
      assert.notInclude(`${error.stack}`, key)
    }).pipe(
      Effect.provide(
        models(() => Effect.fail(new TextModelError.RateLimited({ message: `no: ${key}`, retryAfterMs: 7 })))
      ),
      Effect.provide(secrets)
    )
  )

  it.effect("leave no defect, its cause and what hangs on it included", () => {
    const request: { headers: object; self?: object } = { headers: { authorization: `Bearer ${key}` } }
    request.self = request
    const thrown = Object.assign(new TypeError("fetch failed", { cause: new Error(`refused ${key}`) }), { request })
    return Effect.gen(function* () {
      const exit = yield* Effect.exit(ask(asked("hi")))
      assert.isTrue(Exit.isFailure(exit))
      if (!Exit.isFailure(exit)) return
      const defect = Result.getOrThrow(Cause.findDefect(exit.cause)) as Error
      assert.strictEqual(defect.message, "fetch failed")
      assert.strictEqual((defect.cause as Error).message, "refused ***")
      assert.notInclude(Cause.pretty(exit.cause) + JSON.stringify(Object.entries(defect)), key)
    }).pipe(Effect.provide(models(() => Effect.die(thrown))), Effect.provide(secrets))
  })

  it.effect("are those of a model itself, for all models of the run", () => {
    const seen: Array<Request.Request> = []
    const critic = Layer.succeed(TextModel, {
      complete: (request: Request.Request) =>
        Effect.sync(() => {
          seen.push(request)
          return Completion.make(key)
        })
    })
    const solver = Layer.succeed(TextModel, {
      secrets: [Redacted.make(key)],
      complete: () => Effect.succeed(Completion.make("x"))
    })
    return Effect.gen(function* () {
      const model = yield* BackwardModel
      assert.strictEqual((yield* model.complete(asked(key))).text, "***")
      assert.strictEqual(seen[0]?.messages[0]?.content, "***")
      assert.strictEqual((yield* Secrets.Known).mask(key), "***")
    }).pipe(Effect.provide(Models.layer({ forward: solver, backward: critic })))
  })

  it.effect("cost nothing where there are none: the request is passed on as it is", () => {
    const seen: Array<Request.Request> = []
    const defect = new Error(key)
    const request = asked(key, { name: "n", jsonSchema: {} })
    return Effect.gen(function* () {
      const exit = yield* Effect.exit(ask(request))
      assert.strictEqual(seen[0], request)
      assert.isTrue(Exit.isFailure(exit) && Cause.findDefect(exit.cause).pipe(Result.getOrThrow) === defect)
    }).pipe(
      Effect.provide(
        models((request) => {
          seen.push(request)
          return Effect.die(defect)
        })
      )
    )
  })

  it.effect("are kept out of recorded results too, and what is used is what is kept", () => {
    const records: Array<JournalRecord.Record> = []
    const recorded = (value: string) =>
      Effect.flatMap(Journal.Journal, ({ recorded }) =>
        recorded("verifier", "code", Schema.String, Effect.succeed(value))
      ).pipe(Effect.provide(Layer.merge(secrets, Journal.layerMemory(records))))
    return Effect.gen(function* () {
      assert.strictEqual(yield* recorded(`said ${key}`), "said ***")
      assert.strictEqual(yield* recorded("not asked again"), "said ***")
      assert.notInclude(JSON.stringify(records), key)
    })
  })

  it.effect("that are a result as a whole end the run: nothing else could be used in their place", () =>
    Effect.gen(function* () {
      const { recorded } = yield* Journal.Journal
      const error = yield* Effect.flip(recorded("verifier", "code", Schema.Literals([key]), Effect.succeed(key)))
      assert.strictEqual(error._tag, "JournalUnwritable")
      assert.notInclude(error.message, key)
    }).pipe(Effect.provide(Layer.merge(secrets, Journal.layerMemory())))
  )
})
