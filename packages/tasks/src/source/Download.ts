/**
 * One file over the web, hashed while it is written to disk.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Schema from "effect/Schema"
import type { Scope } from "effect/Scope"
import * as Stream from "effect/Stream"
import { isTrusted } from "./Address.ts"

/** How far a download has come, in bytes; `total` where the server said it. */
export interface Progress {
  readonly source: string
  readonly received: number
  readonly total?: number
}

export interface Limits {
  /** Of the file as it is served, and again as it is unpacked. */
  readonly maxBytes: number
  /** How long a server may take to answer at all, in milliseconds. */
  readonly connectMs: number
  /** How long it may be silent in the middle, in milliseconds. */
  readonly silenceMs: number
}

export const defaults: Limits = { maxBytes: 1 << 30, connectMs: 30_000, silenceMs: 30_000 }

/** @internal */
export class DownloadFailed extends Schema.TaggedError<DownloadFailed>()("DownloadFailed", { reason: Schema.String }) {}

const failed = (reason: string) => new DownloadFailed({ reason })

// fetch says "fetch failed" or "terminated" and keeps the fact underneath
const fact = (cause: unknown): string =>
  cause instanceof Error && cause.cause instanceof Error && cause.cause.message !== ""
    ? cause.cause.message
    : cause instanceof Error
      ? cause.message
      : String(cause)

const request = Effect.fnUntraced(function* (url: string, limits: Limits) {
  // aborting the request is what closes its connection, also when only the body is left
  const controller = yield* Effect.acquireRelease(
    Effect.sync(() => new AbortController()),
    (controller) => Effect.sync(() => controller.abort())
  )
  const response = yield* Effect.tryPromise({
    // the published bytes are what is hashed: no server may pack them for the way
    try: () => fetch(url, { signal: controller.signal, headers: { "accept-encoding": "identity" } }),
    catch: (cause) => failed(fact(cause))
  }).pipe(
    Effect.timeoutOrElse({
      duration: limits.connectMs,
      orElse: () => Effect.fail(failed(`no answer within ${limits.connectMs / 1000} s`))
    })
  )
  if (!isTrusted(new URL(response.url))) return yield* failed("the server sent on to an address without TLS")
  if (response.status !== 200) return yield* failed(`the server answered ${response.status}`)
  if (response.headers.get("content-type")?.startsWith("text/html") === true)
    return yield* failed("a web page is there and no data")
  if (response.body === null) return yield* failed("the server sent no bytes")
  return { body: response.body, total: Number(response.headers.get("content-length") ?? Number.NaN) }
})

/** Writes what a URL serves into a file; the SHA-256 of its bytes, in hexadecimal. A file of a failed download is no data. */
export const toFile = Effect.fnUntraced(function* (
  url: string,
  file: string,
  options: Limits & { readonly onReceived: (received: number, total: number) => Effect.Effect<void> }
): Effect.fn.Return<string, DownloadFailed, FileSystem | Scope> {
  const { sink } = yield* FileSystem
  const tooLarge = failed(`the file is larger than ${options.maxBytes} bytes`)
  const { body, total } = yield* request(url, options)
  if (total > options.maxBytes) return yield* tooLarge
  const hash = createHash("sha256")
  let received = 0
  yield* Stream.fromReadableStream({ evaluate: () => body, onError: (cause) => failed(fact(cause)) }).pipe(
    Stream.timeoutOrElse({
      duration: options.silenceMs,
      orElse: () => Stream.fail(failed(`nothing arrived for ${options.silenceMs / 1000} s`))
    }),
    Stream.tap((bytes) => {
      received += bytes.length
      hash.update(bytes)
      return received > options.maxBytes ? Effect.fail(tooLarge) : options.onReceived(received, total)
    }),
    Stream.run(sink(file)),
    Effect.catchTag("PlatformError", (error) => Effect.fail(failed(`it cannot be written: ${error.message}`)))
  )
  if (!Number.isNaN(total) && received !== total) return yield* failed(`${received} of ${total} bytes came`)
  return hash.digest("hex")
}, Effect.scoped)
