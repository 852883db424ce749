/**
 * One file over https, continued where a former attempt stopped.
 */

import { open, stat } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { io, SourceFailed } from "./Fetching.ts"

export interface Options {
  readonly url: string
  /** What has arrived so far; the next attempt goes on from it. */
  readonly part: string
  readonly bytes: number
  /** How long the server may take to answer at all. */
  readonly connectMs: number
  /** How long it may be silent in the middle. */
  readonly silenceMs: number
  readonly onReceived: (received: number) => Effect.Effect<void>
}

// a connection may break any number of times as long as each one brings something; this many in a row may not
const fruitless = 3

// bytes between two reports
const reported = 1 << 20

const sizeOf = (file: string) =>
  Effect.orElseSucceed(
    io(async () => (await stat(file)).size),
    () => 0
  )

const within =
  (ms: number, what: string) =>
  <A>(step: Effect.Effect<A, SourceFailed>): Effect.Effect<A, SourceFailed> =>
    Effect.timeoutOrElse(step, {
      duration: ms,
      orElse: () => Effect.fail(new SourceFailed({ reason: `${what} within ${ms / 1000} s` }))
    })

const request = (options: Options, from: number) =>
  Effect.gen(function* () {
    // aborting the request is what closes its connection, also when only the body is left
    const controller = yield* Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (controller) => Effect.sync(() => controller.abort())
    )
    const response = yield* io(() =>
      fetch(options.url, {
        signal: controller.signal,
        headers: from === 0 ? {} : { range: `bytes=${from}-` }
      })
    ).pipe(within(options.connectMs, "no answer"))
    if (response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${from}-`) === true)
      return { response, from }
    if (response.status === 200) return { response, from: 0 }
    return yield* new SourceFailed({ reason: `the server answered ${response.status}` })
  })

// receives until the end of the file or of the connection; answers how much is there now
const attempt = Effect.fnUntraced(function* (options: Options, start: number) {
  const { response, from } = yield* request(options, start)
  const announced = Number(response.headers.get("content-length") ?? Number.NaN)
  if (!Number.isNaN(announced) && from + announced !== options.bytes)
    return yield* new SourceFailed({ reason: `the file there has ${from + announced} bytes, not ${options.bytes}` })
  const body = response.body
  if (body === null) return yield* new SourceFailed({ reason: "the server sent no bytes" })
  const file = yield* Effect.acquireRelease(
    io(() => open(options.part, from === 0 ? "w" : "a")),
    (handle) => Effect.promise(() => handle.close())
  )
  const reader = body.getReader()
  let received = from
  for (;;) {
    const next = yield* io(() => reader.read()).pipe(within(options.silenceMs, "nothing arrived"))
    if (next.done) return yield* options.onReceived(received)
    yield* io(() => file.writeFile(next.value))
    const before = received
    received += next.value.length
    if (Math.floor(before / reported) < Math.floor(received / reported)) yield* options.onReceived(received)
  }
}, Effect.scoped)

/** Leaves the whole file at `part`, byte for byte as the server has it (not yet verified). */
export const receive = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<void, SourceFailed> {
  for (let without = 0; ; ) {
    const start = yield* sizeOf(options.part)
    if (start >= options.bytes) return
    const outcome = yield* Effect.result(attempt(options, start))
    const now = yield* sizeOf(options.part)
    if (now >= options.bytes) return
    without = now > start ? 0 : without + 1
    const reason = outcome._tag === "Failure" ? outcome.failure.reason : "the connection was closed too early"
    // a server that was never reached will not be reached a moment later either
    if (start === 0 && now === 0) return yield* new SourceFailed({ reason })
    if (without >= fruitless)
      return yield* new SourceFailed({ reason: `${reason} (${now} of ${options.bytes} bytes came)` })
  }
})
