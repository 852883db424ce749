/**
 * What the fault server answers with, as plain data: what is said, and how it is put on the wire. The same reply is
 * rendered for chat completions and for responses, whole or streamed, as the request asks.
 */

/** A well-formed answer of a model. */
export interface Completion {
  readonly _tag: "Completion"
  /** `null` is what some servers send when they have nothing to say. */
  readonly text: string | null
  readonly finishReason: "stop" | "length" | "content_filter" | "tool_calls"
  readonly toolCalls: ReadonlyArray<ToolCall>
  readonly refusal: string | undefined
  readonly usage: Usage
  /** The model named in the reply; by default the one that was asked for. */
  readonly model: string | undefined
  /** `false` leaves the list of choices (or of output items) empty. */
  readonly choices: boolean
}

/** A tool that the model wants called. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** As the model wrote them: usually JSON text. */
  readonly arguments: string
}

/** In tokens. */
export interface Usage {
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly reasoning: number
}

/** An HTTP answer given as it is, for example an error status with its body. */
export interface Raw {
  readonly _tag: "Raw"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A function gets the request's `authorization` header, so that a server can echo a key. */
  readonly body: string | Uint8Array | ((authorization: string) => string)
}

/** A completion whose text is this many letters: written piece by piece, as fast as the reader takes it. */
export interface Huge {
  readonly _tag: "Huge"
  readonly bytes: number
  /** Whether the length is announced in a header. */
  readonly announced: boolean
}

/** How the bytes travel. */
export type Delivery =
  | { readonly _tag: "Whole" }
  /** The connection is reset before a header is sent. */
  | { readonly _tag: "ResetBeforeHeaders" }
  /** Half of the body, then a reset. */
  | { readonly _tag: "ResetMidBody" }
  /** Half of the body, ended as if it were all. */
  | { readonly _tag: "Truncated" }
  /** One byte at a time. */
  | { readonly _tag: "Trickle"; readonly everyMs: number }
  /** Nothing, ever. */
  | { readonly _tag: "Hang" }
  /** The headers and half of the body, then nothing, ever. */
  | { readonly _tag: "Stall" }

/** One answer of the server. */
export interface Reply {
  readonly content: Completion | Raw | Huge
  readonly delivery: Delivery
  /** Wait before anything is sent. */
  readonly delayMs: number
}

/** A completion that says nothing; the fields of all others start from it. */
export const plain: Completion = {
  _tag: "Completion",
  text: "",
  finishReason: "stop",
  toolCalls: [],
  refusal: undefined,
  usage: { input: 11, cached: 3, output: 5, reasoning: 2 },
  model: undefined,
  choices: true
}

/** A reply of any content, delivered in any way. */
export const of = (content: Reply["content"], delivery: Delivery = { _tag: "Whole" }): Reply => ({
  content,
  delivery,
  delayMs: 0
})

/** A completion that says `text`; any other field as wanted. */
export const text = (text: string | null, fields?: Partial<Omit<Completion, "_tag" | "text">>): Reply =>
  of({ ...plain, ...fields, text })

/** A completion whose text is the JSON of `value`. */
export const json = (value: unknown, fields?: Partial<Omit<Completion, "_tag" | "text">>): Reply =>
  text(JSON.stringify(value), fields)

/** A completion that calls one tool. */
export const toolCall = (name: string, args: unknown, id = `call_${name}`): Reply =>
  text(null, {
    finishReason: "tool_calls",
    toolCalls: [{ id, name, arguments: typeof args === "string" ? args : JSON.stringify(args) }]
  })

/** Any HTTP answer. Text and bytes are sent as they are, any other body as JSON. */
export const raw = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  of({
    _tag: "Raw",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body)
  })

/** The same reply, sent later. */
export const after = (delayMs: number, reply: Reply): Reply => ({ ...reply, delayMs })
