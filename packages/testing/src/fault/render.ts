/**
 * A reply and the request it answers, as status, headers and body.
 */
import * as Chat from "./chatWire.ts"
import type { Received } from "./Received.ts"
import { type Completion, plain, type Raw } from "./Reply.ts"
import * as Responses from "./responsesWire.ts"

export interface Rendered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

interface Text extends Rendered {
  readonly body: string
}

const sse = (events: ReadonlyArray<object>, named: boolean, done: string): string =>
  events
    .map((event) => `${named ? `event: ${(event as { type: string }).type}\n` : ""}data: ${JSON.stringify(event)}\n\n`)
    .join("") + done

const asksForUsage = (body: unknown): boolean =>
  (body as { stream_options?: { include_usage?: boolean } } | null)?.stream_options?.include_usage === true

const completion = (content: Completion, request: Received): Text => {
  const id = `reply_${request.index}`
  const model = request.model ?? "mock"
  if (!request.stream) {
    const body = request.api === "responses" ? Responses.body(content, id, model) : Chat.body(content, id, model)
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  }
  const body =
    request.api === "responses"
      ? sse(Responses.events(content, id, model), true, "")
      : sse(Chat.events(content, id, model, asksForUsage(request.body)), false, "data: [DONE]\n\n")
  return { status: 200, headers: { "content-type": "text/event-stream" }, body }
}

/** @internal */
export const render = (content: Completion | Raw, request: Received): Rendered =>
  content._tag === "Completion"
    ? completion(content, request)
    : {
        status: content.status,
        headers: content.headers,
        body: typeof content.body === "function" ? content.body(request.headers["authorization"] ?? "") : content.body
      }

/** A completion too big to hold: what comes before and after its text, and a piece of it to repeat. */
export interface Endless {
  readonly headers: Rendered["headers"]
  readonly before: string
  readonly unit: string
  readonly after: string
}

const mark = "MARK"
const filler = "x".repeat(1024)

/** @internal */
export const endless = (request: Received): Endless => {
  const { body, headers } = completion({ ...plain, text: mark }, request)
  if (!request.stream) {
    const [before = "", after = ""] = body.split(mark)
    return { headers, before, unit: filler, after }
  }
  const events = body.split(/(?<=\n\n)/)
  const at = events.findIndex((event) => event.includes(mark))
  return {
    headers,
    before: events.slice(0, at).join(""),
    unit: (events[at] ?? "").replace(mark, filler),
    after: events
      .slice(at + 1)
      .join("")
      .replaceAll(mark, "")
  }
}
