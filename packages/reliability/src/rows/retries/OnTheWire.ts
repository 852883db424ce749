/** F2: every kind of fault over real sockets, many at once. */
import { Generate, Models, TextModelError } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import { FaultServer, FaultReply as Reply } from "@backprose/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Row } from "../../Row.ts"
import { expected } from "./expected.ts"
import { type FaultKind, faults, maxReplyLength } from "./faults.ts"

const atOnce = 20
const key = "sk-planted-0123456789abcdef"

const failureOf = (error: unknown): string => (TextModelError.isTextModelError(error) ? error._tag : String(error))

/** A server that says this to everybody, and twenty programs of its own each that ask it once. */
const measured = Effect.fnUntraced(function* (kind: FaultKind) {
  const met = (attempt: number) => (attempt < kind.times ? kind : undefined)
  const asked = new Map<string, number>()
  const server = yield* FaultServer.make({
    // a connection that nobody uses is closed at once: what stays open is one that somebody has forgotten
    keepAliveMs: 1,
    reply: ({ text }) => {
      const program = /program \d+/.exec(text)?.[0] ?? ""
      const attempt = asked.get(program) ?? 0
      asked.set(program, attempt + 1)
      return met(attempt)?.wire ?? Reply.text("ok")
    }
  })
  const model = OpenAi.model("test", { baseUrl: server.url, apiKey: Redacted.make(key), maxReplyBytes: maxReplyLength })
  // enough for what is local, where twenty are at it at once
  const retry = { base: 50, attemptTimeout: "1500 millis", longestPause: "60 seconds" } as const
  const call = (program: number) =>
    Generate.text({ prompt: `program ${program}`, role: "answer" }).pipe(
      Effect.as("ok"),
      Effect.catch((error) => Effect.succeed(JSON.stringify(error).includes(key) ? "a key" : failureOf(error))),
      Effect.provide(Models.layer({ forward: model, retry }))
    )
  const ended = yield* Effect.forEach(
    Array.from({ length: atOnce }, (_, i) => i),
    call,
    { concurrency: "unbounded" }
  )
  const { attempts, tag } = expected(met)
  const tags = [...new Set(ended)]
  const requests = [...new Set(asked.values())]
  const closed = yield* Effect.timeoutOption(
    server.until(({ openSockets, spareSockets }) => openSockets === spareSockets),
    "1 second"
  )
  const open = yield* server.counts
  const wrong = [
    ...(tags.length === 1 && tags[0] === tag ? [] : [`the end: ${tags.join(", ")}, not ${tag}`]),
    ...(requests.length === 1 && requests[0] === attempts.length
      ? []
      : [`requests: ${requests.join(", ")}, not ${attempts.length}`]),
    ...(Option.isSome(closed) ? [] : [`open sockets after 1 s: ${open.openSockets - open.spareSockets}`])
  ]
  return wrong.map((what) => `${kind.name}: ${what}`)
})

export const onTheWire: Row = {
  id: "F2",
  title: "each fault over real sockets, 20 programs at once",
  wanted: "18/18, open sockets 0 after 1 s, <= 60 s",
  speed: "deep",
  measure: Effect.gen(function* () {
    const begun = yield* Clock.currentTimeMillis
    const details = yield* Effect.forEach(faults, (kind) => Effect.scoped(measured(kind)))
    const seconds = ((yield* Clock.currentTimeMillis) - begun) / 1000
    const right = details.filter((wrong) => wrong.length === 0).length
    return {
      figure: `${right}/${faults.length}, ${seconds.toFixed(1)} s`,
      held: right === 18,
      late: seconds <= 60 ? [] : [`${seconds.toFixed(1)} s`],
      details: details.flat()
    }
  })
}
