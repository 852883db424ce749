/**
 * Bodies that no provider should send, made of ones that they do: by chance, and the same for the same seed.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

export type Api = "chat" | "responses"

/** A body in the pieces in which it arrives. */
export interface Body {
  readonly name: string
  readonly api: Api
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly pieces: ReadonlyArray<Uint8Array<ArrayBuffer>>
  /** For a stream that is whole: its text. */
  readonly text?: string
}

const utf8 = new TextEncoder()
const bytes = (text: string): Uint8Array<ArrayBuffer> => utf8.encode(text)

/** What a whole reply says: some of it takes several bytes a letter. */
export const said = "Grüße, 世界 🙂 </p>\n"

const usage = { prompt_tokens: 11, completion_tokens: 5, input_tokens: 11, output_tokens: 5 }
const valid: Readonly<Record<Api, object>> = {
  chat: {
    id: "c1",
    object: "chat.completion",
    model: "m",
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: {
          role: "assistant",
          content: said,
          refusal: null,
          tool_calls: null
        }
      }
    ],
    usage: { ...usage, prompt_tokens_details: { cached_tokens: 3 } }
  },
  responses: {
    id: "r1",
    object: "response",
    model: "m",
    status: "completed",
    output: [
      { id: "s", type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
      { id: "o", type: "message", role: "assistant", content: [{ type: "output_text", text: said }] }
    ],
    usage: { ...usage, input_tokens_details: { cached_tokens: 3 } }
  }
}

const whole = (name: string, api: Api, body: Uint8Array<ArrayBuffer>, status = 200): Body => ({
  name,
  api,
  status,
  headers: { "content-type": "application/json" },
  pieces: [body]
})

const below = (limit: number) => Random.nextIntBetween(0, limit, { halfOpen: true })
const either = Effect.map(Random.nextBoolean, (first): Api => (first ? "chat" : "responses"))
const someBytes = Effect.fnUntraced(function* (length: number) {
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i++) out[i] = yield* below(256)
  return out
})
const joined = (...parts: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(parts.flatMap((part) => [...part]))

const statuses = [200, 200, 200, 200, 200, 201, 400, 401, 404, 418, 429, 500, 529, 599]

/** A few bytes changed, taken out, doubled or put in. */
const mutated = Effect.gen(function* () {
  const api = yield* either
  let body = bytes(JSON.stringify(valid[api]))
  const times = 1 + (yield* below(4))
  for (let i = 0; i < times; i++) {
    const at = yield* below(body.length)
    const to = Math.min(body.length, at + (yield* below(20)))
    const cut = [
      joined(body.slice(0, at), yield* someBytes(1), body.slice(at + 1)),
      joined(body.slice(0, at), body.slice(to)),
      joined(body.slice(0, to), body.slice(at)),
      joined(body.slice(0, at), yield* someBytes(4), body.slice(at)),
      body.slice(0, at)
    ]
    body = cut[yield* below(cut.length)]!
  }
  return whole("mutated", api, body, statuses[yield* below(statuses.length)])
})

const random = Effect.gen(function* () {
  const body = yield* someBytes(yield* below(400))
  return whole("random bytes", yield* either, body, statuses[yield* below(statuses.length)])
})

const odd: ReadonlyArray<unknown> = [
  null,
  true,
  -1.5,
  1e308,
  Number.MAX_SAFE_INTEGER * 4,
  "",
  "\ud800",
  "\u0000",
  [],
  {},
  [[]],
  { type: "x", text: 5 },
  { constructor: 1, toString: 2 },
  [{ id: "t", type: "function", function: { name: "add", arguments: '{"a":1}' } }],
  [{ id: "f", type: "function_call", call_id: "t", name: "add", arguments: '{"a":1}' }],
  "x".repeat(5000)
]

/** The same with another value somewhere inside, of another type or of none. */
const wrongType = Effect.gen(function* () {
  const api = yield* either
  const copy = structuredClone(valid[api]) as Record<string, unknown>
  let parent: Record<string, unknown> = copy
  while (true) {
    const keys = Object.keys(parent)
    const key = keys[yield* below(keys.length)]!
    const child = parent[key]
    if (typeof child === "object" && child !== null && Object.keys(child).length > 0 && (yield* below(4)) > 0) {
      parent = child as Record<string, unknown>
      continue
    }
    if ((yield* below(6)) === 0) delete parent[key]
    else parent[key] = odd[yield* below(odd.length)]
    return whole("wrong type", api, bytes(JSON.stringify(copy)))
  }
})

/** A key that stands twice, with another value the second time, or the first. */
const doubled = Effect.gen(function* () {
  const api = yield* either
  const text = JSON.stringify(valid[api])
  const keys = [...text.matchAll(/"(\w+)":/g)]
  const { 0: key, index } = keys[yield* below(keys.length)]!
  const value = JSON.stringify(odd[yield* below(odd.length)])
  return whole("double key", api, bytes(`${text.slice(0, index)}${key}${value},${text.slice(index)}`))
})

/** Bytes that are no UTF-8 inside a text. */
const badText = Effect.gen(function* () {
  const api = yield* either
  const text = JSON.stringify(valid[api])
  const at = text.indexOf("Gr") + (yield* below(6))
  const bad = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0x80], [0xe4, 0xb8]]
  return whole(
    "bad UTF-8",
    api,
    joined(bytes(text.slice(0, at)), new Uint8Array(bad[yield* below(bad.length)]!), bytes(text.slice(at)))
  )
})

/** Marks of byte order and other things that stand before the JSON. */
const prefixed = Effect.gen(function* () {
  const api = yield* either
  const before = [
    [0xef, 0xbb, 0xbf],
    [0xfe, 0xff],
    [0xff, 0xfe],
    [0x00],
    [0x1f, 0x8b],
    [0x20, 0x0a, 0x0d, 0x09],
    [0xe2, 0x80, 0x8b]
  ]
  return whole(
    "prefix",
    api,
    joined(new Uint8Array(before[yield* below(before.length)]!), bytes(JSON.stringify(valid[api])))
  )
})

const levels = 10_000

/** Ten thousand levels, of everything, alone or where a part of a reply should be, closed or not. */
const nested = Effect.gen(function* () {
  const api = yield* either
  const shapes = [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"choices":', "}]"],
    ['{"content":[', "]}"]
  ] as const
  const [open, close] = shapes[yield* below(shapes.length)]!
  const deep = open.repeat(levels) + ((yield* below(3)) === 0 ? "" : `1${close.repeat(levels)}`)
  const text = JSON.stringify(valid[api])
  const places = [JSON.stringify(said), '"m"', "11"]
  const place = places[yield* below(places.length)]!
  return whole("nested", api, bytes((yield* below(3)) === 0 ? deep : text.replace(place, () => deep)))
})

const sse = (events: ReadonlyArray<object | string>): string =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("")

const delta = (content: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: content, finish_reason }]
})

const [half, rest] = [said.slice(0, 9), said.slice(9)]
const streams: Readonly<Record<Api, string>> = {
  chat: sse([
    delta({ role: "assistant", content: half }),
    delta({ content: rest }),
    delta({}, "stop"),
    { choices: [], usage },
    "[DONE]"
  ]),
  responses: sse([
    { type: "response.created", response: { id: "r1", model: "m", output: [] } },
    { type: "response.output_text.delta", item_id: "o", delta: half },
    { type: "response.output_text.delta", item_id: "o", delta: rest },
    { type: "response.output_item.done", item: { id: "o", type: "message", content: [] } },
    { type: "response.completed", response: { id: "r1", model: "m", status: "completed", output: [], usage } }
  ])
}

const streamed = (name: string, api: Api, pieces: Body["pieces"]): Body => ({
  name,
  api,
  status: 200,
  headers: { "content-type": "text/event-stream" },
  pieces
})

/** A stream as it should be, split in two at each of its bytes. */
const split: ReadonlyArray<Body> = (["chat", "responses"] as const).flatMap((api) => {
  const body = bytes(streams[api])
  return Array.from({ length: body.length - 1 }, (_, i) => ({
    ...streamed(`split at ${i + 1}`, api, [body.slice(0, i + 1), body.slice(i + 1)]),
    text: said
  }))
})

const mutatedStream = Effect.gen(function* () {
  const api = yield* either
  const body = bytes(streams[api])
  const at = yield* below(body.length)
  const to = Math.min(body.length, at + (yield* below(40)))
  const kinds: ReadonlyArray<Body["pieces"]> = [
    [body.slice(0, at)],
    [body.slice(0, at), body.slice(to)],
    [body.slice(0, to), body.slice(at)],
    [body.slice(0, at), yield* someBytes(6), body.slice(at)]
  ]
  return streamed("mutated stream", api, kinds[yield* below(kinds.length)]!)
})

const share = (count: number, one: Effect.Effect<Body>) => Effect.all(Array.from({ length: count }, () => one))

/** So many bodies of all kinds: all ways to split a stream, forty with ten thousand levels, and the rest by chance. */
export const all = (count: number, seed: string): Effect.Effect<ReadonlyArray<Body>> =>
  Effect.gen(function* () {
    const left = count - split.length - 40
    const part = (percent: number) => Math.floor((left * percent) / 100)
    const parts = yield* Effect.all([
      share(40, nested),
      share(part(10), random),
      share(part(25), wrongType),
      share(part(8), doubled),
      share(part(8), badText),
      share(part(3), prefixed),
      share(part(10), mutatedStream)
    ])
    const made = parts.flat()
    return [...split, ...made, ...(yield* share(count - split.length - made.length, mutated))]
  }).pipe(Random.withSeed(seed))
