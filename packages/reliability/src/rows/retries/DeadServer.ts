/** F5: an optimisation over a server that is dead, or dies, under every layer that might ask again. */
import {
  type Event,
  Journal,
  type JournalRecord,
  Models,
  Retry,
  TextModel,
  TextModelError,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import { Fault, FaultServer, FaultReply as Reply, StudentModel } from "@backprose/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Row } from "../../Row.ts"
import { most } from "./expected.ts"

const concurrency = 16
const task = StudentModel.task({ sizes: { train: 12, validation: 60, test: 12 } })

interface Death {
  readonly name: string
  readonly reply: Reply.Reply | "nobody listens"
  /** Requests that are answered before. */
  readonly after: number
}

const deaths: ReadonlyArray<Death> = [
  { name: "nobody listens", reply: "nobody listens", after: 0 },
  { name: "500", reply: Fault.serverError(), after: 0 },
  { name: "reset", reply: Fault.resetBeforeHeaders, after: 0 },
  { name: "never a word", reply: Fault.hang, after: 0 },
  { name: "half a reply", reply: Fault.stall(Reply.text("half of it")), after: 0 },
  { name: "500 from the 30th request on", reply: Fault.serverError(), after: 30 },
  { name: "500 from the 66th request on", reply: Fault.serverError(), after: 66 },
  { name: "never a word from the 90th request on", reply: Fault.hang, after: 90 }
]

const retry = { base: 40, attemptTimeout: "250 millis" } as const

/** A model whose user has put retries around it already, as others do inside. */
const twice = (url: string) =>
  Layer.effect(
    TextModel,
    Effect.map(TextModel, (model) => Retry.retrying({ ...retry, times: 4 })(Retry.retrying(retry)(model)))
  ).pipe(Layer.provide(TextModel.layer(OpenAi.model("m", { baseUrl: url }))))

const measured = Effect.fnUntraced(function* ({ after, name, reply }: Death) {
  const server = yield* FaultServer.make({
    reply: (_, index) => (index < after || reply === "nobody listens" ? Reply.text("R7") : reply)
  })
  const url = reply === "nobody listens" ? "http://127.0.0.1:1/v1" : server.url
  const records: Array<JournalRecord.Record> = []
  const events: Array<Event.Event> = []
  const begun = yield* Clock.currentTimeMillis
  const error = yield* Trainer.fit(task, { concurrency, target: 2 }).pipe(
    Stream.runForEach((event) => Effect.sync(() => events.push(event))),
    Effect.as(undefined),
    Effect.catch((error) => Effect.succeed(error)),
    Effect.provide([TextualGradientDescent.layer(), ValidationGate.layer()]),
    Effect.provide(
      Models.layer({
        forward: twice(url),
        backward: StudentModel.layer() as Layer.Layer<TextModel>,
        concurrency,
        retry
      }).pipe(Layer.provide(Journal.layerMemory(records)))
    )
  )
  const ms = (yield* Clock.currentTimeMillis) - begun
  const asked = new Map<string, number>()
  for (const record of records) {
    if (record._tag !== "Sent" || record.identity?.provider !== "openai") continue
    const question = `${record.place} ${record.key} ${record.occurrence}`
    asked.set(question, (asked.get(question) ?? 0) + 1)
  }
  const sent = [...asked.values()].reduce((sum, one) => sum + one, 0)
  const seen = reply === "nobody listens" ? sent : (yield* server.counts).requests
  const scored = events.filter((event) => event._tag === "ExampleEvaluated" && event.result._tag === "Scored").length
  const reason = typeof error === "object" && error !== null && "reason" in error ? error.reason : error
  const tag = TextModelError.isTextModelError(reason) ? reason._tag : String(reason)
  const wrong = [
    ...(tag === "ProviderUnavailable" || tag === "TimedOut" ? [] : [`ends with ${tag}`]),
    // one that was broken off when the run ended may not have arrived
    ...(seen <= sent ? [] : [`${seen} requests, of which the journal knows ${sent}`]),
    // what was never answered has no score
    ...(scored <= after ? [] : [`${scored} scores of ${after} replies`]),
    // the first calls find out, and two that took the places of the first two: nobody after them
    ...(after > 0 || sent <= most * (concurrency + 2) ? [] : [`${sent} requests to a server that never answered`])
  ]
  return {
    requests: Math.max(...asked.values(), Math.ceil(seen / asked.size)),
    ms,
    wrong: wrong.map((what) => `${name}: ${what}`),
    line: `${name}: ${tag}, ${sent} requests of ${asked.size} calls, ${ms} ms`
  }
})

export const deadServer: Row = {
  id: "F5",
  title: "a run over a server that is dead or dies, under four layers that would ask again, ends typed and soon",
  wanted: `<= ${most} requests a call, ${deaths.length}/${deaths.length} end typed`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const found = yield* Effect.forEach(deaths, (death) => Effect.scoped(measured(death)))
    const requests = Math.max(...found.map((one) => one.requests))
    const longest = Math.max(...found.map(({ ms }) => ms))
    const right = found.filter(({ wrong }) => wrong.length === 0).length
    return {
      figure: `${requests} requests a call, ${right}/${deaths.length}, the longest ${(longest / 1000).toFixed(1)} s`,
      held: requests <= most && right === deaths.length,
      details: [...found.flatMap(({ wrong }) => wrong), ...found.map(({ line }) => line)]
    }
  })
}
