/**
 * Any `TextModel` as an OpenAI-compatible server on this machine, for clients in other processes and languages.
 */

import { randomUUID } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { TextModel } from "@backprose/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as ChatReply from "./ChatReply.ts"
import * as ChatRequest from "./ChatRequest.ts"
import * as Guard from "./Guard.ts"
import * as Refusal from "./Refusal.ts"

/** The server cannot listen where it was asked to: the port is taken, or not allowed. */
export class EndpointUnavailable extends Schema.TaggedError<EndpointUnavailable>()("EndpointUnavailable", {
  message: Schema.String
}) {}

export interface Options {
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** The address to listen at. Default: 127.0.0.1. Anything else opens the model to the network, without any key. */
  readonly host?: string | undefined
  /** The name of the model in the list, and in replies whose model has none. Default: "local". */
  readonly model?: string | undefined
}

/** Where the server answers. */
export interface Running {
  readonly port: number
  /** What clients call the base URL. */
  readonly url: string
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

// a prompt of a million tokens is far beyond any local model
const longestBody = 8 * 1024 * 1024

const json = (value: object, status = 200, headers = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value)
})

const refused = (refusal: Refusal.Refusal): Answer => json(Refusal.body(refusal), refusal.status, refusal.headers)

const readBody = (request: IncomingMessage): Effect.Effect<string, Refusal.Refusal> =>
  Effect.callback((resume) => {
    const pieces: Array<Buffer> = []
    let length = 0
    request.on("data", (piece: Buffer) => {
      length += piece.length
      if (length <= longestBody) pieces.push(piece)
    })
    request.on("end", () =>
      resume(
        length <= longestBody
          ? Effect.succeed(Buffer.concat(pieces).toString("utf8"))
          : Effect.fail(Refusal.invalid(`the body is longer than ${longestBody} bytes`, 413))
      )
    )
    request.on("error", (cause) => resume(Effect.fail(Refusal.invalid(cause.message))))
  })

const chat = Effect.fnUntraced(function* (
  request: IncomingMessage,
  model: string
): Effect.fn.Return<Answer, Refusal.Refusal, TextModel> {
  const body = yield* Effect.flatMap(readBody(request), (text) =>
    Effect.mapError(ChatRequest.decode(text), ({ message }) => Refusal.invalid(message))
  )
  const { complete } = yield* TextModel
  const completions = yield* Effect.forEach(ChatRequest.toRequests(body), complete, { concurrency: "unbounded" }).pipe(
    Effect.mapError(Refusal.ofModelError)
  )
  const head: ChatReply.Head = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor((yield* Clock.currentTimeMillis) / 1000),
    model: completions[0]?.model ?? model
  }
  // the reply is known before the first event is sent: what goes wrong still has a status of its own
  return body.stream === true
    ? {
        status: 200,
        headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
        body: ChatReply.events(head, completions, body.stream_options?.include_usage === true)
      }
    : json(ChatReply.body(head, completions))
})

const route = (
  request: IncomingMessage,
  host: string,
  model: string
): Effect.Effect<Answer, Refusal.Refusal, TextModel> => {
  const foreign = Guard.refuse(request, host)
  if (foreign !== undefined) return Effect.fail(Refusal.invalid(foreign, 403))
  const path = request.url?.split("?")[0]
  const method = path === "/v1/models" ? "GET" : path === "/v1/chat/completions" ? "POST" : undefined
  if (method === undefined) return Effect.fail(Refusal.invalid(`there is nothing at ${path}`, 404))
  if (request.method !== method) return Effect.fail(Refusal.invalid(`${path} answers to ${method} only`, 405))
  return path === "/v1/models"
    ? Effect.succeed(json({ object: "list", data: [{ id: model, object: "model", created: 0, owned_by: "local" }] }))
    : chat(request, model)
}

const send = (response: ServerResponse) => (answer: Answer) =>
  Effect.sync(() => void response.writeHead(answer.status, answer.headers).end(answer.body))

/**
 * Serves until the scope closes. Answers `GET /v1/models` and `POST /v1/chat/completions`; a client that hangs up stops
 * its completion.
 */
export const serve = Effect.fnUntraced(function* (
  options: Options = {}
): Effect.fn.Return<Running, EndpointUnavailable, TextModel | Scope.Scope> {
  const host = options.host ?? "127.0.0.1"
  const run = yield* FiberSet.makeRuntime<TextModel>()
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const fiber = run(
      route(request, host, options.model ?? "local").pipe(
        Effect.catch((refusal) => Effect.succeed(refused(refusal))),
        Effect.catchDefect((defect) =>
          Effect.succeed(refused({ status: 500, message: String(defect), type: "server_error" }))
        ),
        Effect.flatMap(send(response))
      )
    )
    response.on("close", () => fiber.interruptUnsafe())
  }
  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>, EndpointUnavailable>((resume) => {
      const server = createServer(handle)
      server.once("error", (cause) => resume(Effect.fail(new EndpointUnavailable({ message: cause.message }))))
      server.listen(options.port ?? 0, host, () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )
  const { port, family } = server.address() as AddressInfo
  return { port, url: `http://${family === "IPv6" ? `[${host}]` : host}:${port}/v1` }
})
