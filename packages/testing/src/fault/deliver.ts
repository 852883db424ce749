/**
 * Puts a reply on the wire, in one of the ways a network can fail.
 */
import type { ServerResponse } from "node:http"
import type { Received } from "./Received.ts"
import type { Delivery, Huge, Reply } from "./Reply.ts"
import { endless, type Rendered, render } from "./render.ts"

// a reset discards what was written just before it: half of the body must leave first
const settleMs = 25

const reset = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy()
}

const head = (response: ServerResponse, { headers, status }: Rendered, length: number | undefined): void => {
  response.writeHead(status, length === undefined ? headers : { ...headers, "content-length": String(length) })
}

const trickle = (response: ServerResponse, bytes: Buffer, everyMs: number): void => {
  let sent = 0
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1))
    sent += 1
    if (sent >= bytes.length) response.end()
  }, everyMs)
  response.once("close", () => clearInterval(timer))
}

const send = (response: ServerResponse, rendered: Rendered, delivery: Delivery): void => {
  const bytes = Buffer.from(rendered.body)
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2))
  switch (delivery._tag) {
    case "Whole":
      head(response, rendered, bytes.length)
      response.end(bytes)
      return
    case "ResetBeforeHeaders":
      reset(response)
      return
    case "ResetMidBody": {
      head(response, rendered, bytes.length)
      const timer = setTimeout(() => reset(response), settleMs)
      response.once("close", () => clearTimeout(timer))
      response.write(half)
      return
    }
    case "Truncated":
      head(response, rendered, half.length)
      response.end(half)
      return
    case "Trickle":
      head(response, rendered, bytes.length)
      trickle(response, bytes, delivery.everyMs)
      return
    case "Stall":
      head(response, rendered, bytes.length)
      response.write(half)
      return
    case "Hang":
      return
  }
}

const pour = (response: ServerResponse, content: Huge, request: Received): void => {
  const { after, before, headers, unit } = endless(request)
  const units = Math.ceil(content.bytes / unit.length)
  const length = before.length + units * unit.length + after.length
  head(response, { status: 200, headers, body: "" }, content.announced ? length : undefined)
  response.write(before)
  let sent = 0
  const batch = unit.repeat(64)
  const more = (): void => {
    while (sent < units && !response.destroyed) {
      const count = Math.min(64, units - sent)
      sent += count
      if (!response.write(count === 64 ? batch : unit.repeat(count))) {
        response.once("drain", more)
        return
      }
    }
    if (sent >= units) response.end(after)
  }
  more()
}

/** @internal */
export const deliver = (response: ServerResponse, reply: Reply, request: Received): void => {
  const now = () => {
    if (response.destroyed) return
    if (reply.content._tag === "Huge") pour(response, reply.content, request)
    else send(response, render(reply.content, request), reply.delivery)
  }
  if (reply.delayMs <= 0) return now()
  const timer = setTimeout(now, reply.delayMs)
  response.once("close", () => clearTimeout(timer))
}
