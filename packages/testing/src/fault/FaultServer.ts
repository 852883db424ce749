/**
 * An OpenAI-compatible server on the loopback interface, for tests: it says what its script says, and fails in every way
 * that providers and networks fail. It serves chat completions, responses and the list of models, whole or streamed, and
 * records what it was asked.
 *
 * Real sockets and real time: use it with `it.live`.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { deliver } from "./deliver.ts"
import * as Received from "./Received.ts"
import * as Reply from "./Reply.ts"

/** What the server saw and did so far. */
export interface Counts {
  readonly requests: number
  /** Requests whose connection the client closed before the reply was whole. */
  readonly aborted: number
  /** Requests under way now, and the most there ever were at once. */
  readonly concurrent: number
  readonly maxConcurrent: number
  readonly openSockets: number
  /** Open sockets that have never carried a request: Node's `fetch` opens such a spare one for each it aborts. */
  readonly spareSockets: number
  /** Bytes put on the wire, headers included. */
  readonly bytesSent: number
}

/** A server that runs. */
export interface Service {
  /** The base URL for a client: it ends in `/v1`. */
  readonly url: string
  /** All requests so far, in order of arrival. */
  readonly requests: Effect.Effect<ReadonlyArray<Received.Received>>
  readonly counts: Effect.Effect<Counts>
  /** Waits until the counts satisfy the predicate: the way to wait for an abort without sleeping. */
  readonly until: (predicate: (counts: Counts) => boolean) => Effect.Effect<Counts>
}

/** What a server says. */
export interface Options {
  /**
   * The reply to a request; `index` counts requests for completions from 0, those for models left out, and `counts` are
   * what the server has seen so far, this request included.
   */
  readonly reply: (request: Received.Received, index: number, counts: Counts) => Reply.Reply
  /** What `GET /models` lists. */
  readonly models?: ReadonlyArray<string>
  /** How long a connection without a request stays open, in milliseconds. Default: a minute. */
  readonly keepAliveMs?: number
}

/** The replies in order; the last one stands for all that follow. */
export const script =
  (...replies: readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]): Options["reply"] =>
  (_, index) =>
    replies[Math.min(index, replies.length - 1)] ?? replies[0]

interface State {
  readonly received: Array<Received.Received>
  readonly waiting: Set<() => void>
  completions: number
  aborted: number
  concurrent: number
  maxConcurrent: number
  closedBytes: number
}

const modelsReply = (models: ReadonlyArray<string>): Reply.Reply =>
  Reply.raw(200, { object: "list", data: models.map((id) => ({ id, object: "model", created: 0, owned_by: "test" })) })

const handle =
  (state: State, options: Options, counts: () => Counts) => (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Array<Buffer> = []
    const changed = () => {
      for (const check of [...state.waiting]) check()
    }
    response.on("close", () => {
      state.concurrent -= 1
      if (!response.writableFinished) state.aborted += 1
      changed()
    })
    state.concurrent += 1
    state.maxConcurrent = Math.max(state.maxConcurrent, state.concurrent)
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => {
      const request = Received.make(
        state.received.length,
        incoming.method ?? "",
        incoming.url ?? "",
        incoming.headers,
        Buffer.concat(chunks).toString()
      )
      state.received.push(request)
      const reply =
        request.api === "models"
          ? modelsReply(options.models ?? ["mock"])
          : request.api === "unknown"
            ? Reply.raw(404, "404 page not found", { "content-type": "text/plain" })
            : options.reply(request, state.completions++, counts())
      changed()
      deliver(response, reply, request)
    })
  }

const listen = (server: Server): Effect.Effect<number> =>
  Effect.callback((resume) => {
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
  })

const close = (server: Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

/**
 * Starts a server on a port of its own; it stops, with all its connections, when the scope closes.
 *
 * **Example**
 *
 * ```ts
 * import { Fault, FaultReply, FaultServer } from "@backprose/testing"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const server = yield* FaultServer.make({
 *     reply: FaultServer.script(Fault.rateLimited({ retryAfter: "1" }), FaultReply.text("hello"))
 *   })
 *   // … a client at server.url …
 *   return (yield* server.requests).map((request) => request.body)
 * })
 * ```
 */
export const make = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<Service, never, Scope.Scope> {
  const state: State = {
    received: [],
    waiting: new Set(),
    completions: 0,
    aborted: 0,
    concurrent: 0,
    maxConcurrent: 0,
    closedBytes: 0
  }
  const sockets = new Set<Socket>()
  const spare = new Set<Socket>()
  const counts = (): Counts => ({
    requests: state.received.length,
    aborted: state.aborted,
    concurrent: state.concurrent,
    maxConcurrent: state.maxConcurrent,
    openSockets: sockets.size,
    spareSockets: spare.size,
    bytesSent: [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, state.closedBytes)
  })
  const server = createServer({ keepAliveTimeout: options.keepAliveMs ?? 60_000 }, handle(state, options, counts))
  server.on("request", ({ socket }) => spare.delete(socket))
  server.on("connection", (socket) => {
    sockets.add(socket)
    spare.add(socket)
    socket.once("close", () => {
      sockets.delete(socket)
      spare.delete(socket)
      state.closedBytes += socket.bytesWritten
      for (const check of [...state.waiting]) check()
    })
  })
  const port = yield* Effect.acquireRelease(listen(server), () => close(server))
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: Effect.sync(() => [...state.received]),
    counts: Effect.sync(counts),
    until: (predicate) =>
      Effect.callback<Counts>((resume) => {
        const check = () => {
          const now = counts()
          if (!predicate(now)) return
          state.waiting.delete(check)
          resume(Effect.succeed(now))
        }
        state.waiting.add(check)
        check()
        return Effect.sync(() => state.waiting.delete(check))
      })
  }
})

/** The server as a service, for tests that share one through a layer. */
export class FaultServer extends Context.Service<FaultServer, Service>()("@backprose/testing/FaultServer") {
  /** A server that lives as long as the layer. */
  static layer(options: Options): Layer.Layer<FaultServer> {
    return Layer.effect(FaultServer, make(options))
  }
}
