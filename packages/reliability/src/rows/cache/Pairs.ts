/** Requests to models at random, and each again with one field changed: nothing but the seed decides which. */
import { type Identity, type Message, ModelIdentity, Request } from "@backprose/core"
import * as Dice from "./Dice.ts"

/** A question: what is asked of whom. */
export interface Asked {
  readonly identity: Identity
  readonly request: Request.Request
}

export interface Pair {
  readonly one: Asked
  readonly other: Asked
  /** What differs. */
  readonly change: string
}

const words = [
  "ab",
  "c",
  "a",
  "bc",
  "",
  " ",
  "\n",
  '"',
  "\\",
  "],[",
  "}{",
  "0",
  "null",
  "ü",
  "\ud83d\ude00",
  "\u0000",
  "\ud800"
]

const text = (dice: Dice.Dice): string => Array.from({ length: 1 + dice.below(6) }, () => dice.pick(words)).join("")

const message = (dice: Dice.Dice): Message.Message => {
  const role = dice.pick(["system", "user", "assistant"] as const)
  const part = (): Message.Part =>
    dice.below(3) === 0
      ? { type: "image", mediaType: dice.pick(["image/png", "image/jpeg"]), url: `data:,${text(dice)}` }
      : { type: "text", text: text(dice) }
  const parts = dice.below(3) === 0
  return { role, content: parts ? Array.from({ length: 1 + dice.below(3) }, part) : text(dice) }
}

const known = {
  provider: "openai",
  model: "small",
  url: "http://127.0.0.1:8080/v1",
  settings: { temperature: 0 } as { readonly [name: string]: unknown }
}

const asked = (dice: Dice.Dice): Asked => ({
  identity: ModelIdentity.named(known),
  request: Request.make({
    purpose: dice.pick(["forward", "judge", "backward", "optimizer"] as const),
    // two plain ones first, with a letter to move between them
    messages: [
      { role: "system", content: `${text(dice)}a` },
      { role: "user", content: `b${text(dice)}` },
      ...Array.from({ length: dice.below(3) }, () => message(dice))
    ],
    sample: dice.below(3),
    sampling: { temperature: dice.below(10) / 10, seed: dice.below(100), stop: [text(dice)] },
    ...(dice.below(2) === 0 ? { output: { name: "shape", jsonSchema: { type: "object", title: text(dice) } } } : {})
  })
})

const contents = ({ request }: Asked) => request.messages.map(({ content }) => content)

type Change = (asked: Asked, dice: Dice.Dice) => Asked

const sampling =
  (change: (before: Request.Sampling) => Request.Sampling): Change =>
  ({ identity, request }) => ({ identity, request: { ...request, sampling: change(request.sampling ?? {}) } })
const messages =
  (change: (before: ReadonlyArray<Message.Message>, dice: Dice.Dice) => ReadonlyArray<Message.Message>): Change =>
  ({ identity, request }, dice) => ({ identity, request: { ...request, messages: change(request.messages, dice) } })
const identity =
  (fields: Partial<typeof known>): Change =>
  ({ request }) => ({ identity: ModelIdentity.named({ ...known, ...fields }), request })

const first = (before: ReadonlyArray<Message.Message>, content: Message.Message["content"]) =>
  before.map((message, i) => (i === 0 ? { ...message, content } : message))

const changes: { readonly [name: string]: Change } = {
  "'ab' + 'c' or 'a' + 'bc'": (one) => {
    const [system = "", user = ""] = contents(one).map(String)
    const moved = [
      { role: "system" as const, content: system.slice(0, -1) },
      { role: "user" as const, content: `${system.slice(-1)}${user}` }
    ]
    return { ...one, request: { ...one.request, messages: [...moved, ...one.request.messages.slice(2)] } }
  },
  "order of messages": messages(([a, b, ...rest]) => [b!, a!, ...rest]),
  "one letter": messages((before, dice) =>
    first(before, `${String(before[0]?.content)}${dice.pick(["x", " ", "\n", "\u200b"])}`)
  ),
  role: messages((before) => before.map((one, i) => (i === 0 ? { ...one, role: "assistant" as const } : one))),
  "text or one part": messages((before) => first(before, [{ type: "text", text: String(before[0]?.content) }])),
  "one message or two": messages((before) => {
    const whole = String(before[1]?.content)
    const at = Math.ceil(whole.length / 2)
    const half = (content: string): Message.Message => ({ role: "user", content })
    return [before[0]!, half(whole.slice(0, at)), half(whole.slice(at)), ...before.slice(2)]
  }),
  "an image more": messages((before) => [
    ...before,
    { role: "user", content: [{ type: "image", mediaType: "image/png", url: "data:," }] }
  ]),
  temperature: sampling(({ temperature = 0, ...rest }) => ({ ...rest, temperature: temperature + 1e-9 })),
  "temperature left out": sampling(({ temperature: _, ...rest }) => rest),
  seed: sampling(({ seed = 0, ...rest }) => ({ ...rest, seed: seed + 1 })),
  "top p": sampling((before) => ({ ...before, topP: 0.5 })),
  "token limit": sampling((before) => ({ ...before, maxOutputTokens: 10 })),
  "stop words": sampling(({ stop = [], ...rest }) => ({ ...rest, stop: [...stop, ""] })),
  sample: (one) => ({ ...one, request: { ...one.request, sample: one.request.sample + 1 } }),
  purpose: (one) => ({
    ...one,
    request: { ...one.request, purpose: one.request.purpose === "judge" ? "forward" : "judge" }
  }),
  "the shape of the reply": (one) => ({
    ...one,
    request: { ...one.request, output: { name: "shape", jsonSchema: { type: "object", title: "another" } } }
  }),
  provider: identity({ provider: "other" }),
  model: identity({ model: "smal" }),
  "base URL": identity({ url: "http://127.0.0.1:8081/v1" }),
  "path of the base URL": identity({ url: "http://127.0.0.1:8080/v2" }),
  "settings of the layer": identity({ settings: { temperature: 0.1 } })
}

/** What can differ. */
export const kinds: ReadonlyArray<string> = Object.keys(changes)

export const make = (seed: number, count: number): ReadonlyArray<Pair> => {
  const dice = Dice.make(seed)
  return Array.from({ length: count }, (_, i) => {
    const change = kinds[i % kinds.length]!
    const one = asked(dice)
    return { one, other: changes[change]!(one, dice), change }
  })
}

/** The same question, put together the other way round. */
export const reordered = <A>(value: A): A =>
  (Array.isArray(value)
    ? value.map(reordered)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, inner]) => [name, reordered(inner)])
        )
      : value) as A
