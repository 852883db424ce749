/**
 * Many calls at once through everything a program has around its model, against a bare loop of `fetch` on one server.
 */
import { Generate, Models, Variable } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { OpenAI } from "openai"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"
import * as Provider from "../server/Provider.ts"
import { type Rounds, ratio, turns } from "../turns.ts"

interface Settings extends Rounds {
  readonly calls: number
  readonly wide: number
  readonly latencyMs: number
}

const sizes: Record<Size, Settings> = {
  full: { calls: 1024, wide: 256, latencyMs: 200, warmUp: 1, rounds: 9 },
  tiny: { calls: 8, wide: 4, latencyMs: 5, warmUp: 0, rounds: 1 }
}

const messages = (i: number) => [
  { role: "system" as const, content: "You are helpful." },
  { role: "user" as const, content: `item ${i}` }
]

const bare = (url: string) => (i: number) =>
  fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "mock", messages: messages(i) })
  }).then((response) => response.json())

const ours = (i: number) =>
  Generate.text({ system: "You are helpful.", prompt: Variable.constant(`item ${i}`, "question"), role: "answer" })

const seconds = <E, R>(effect: Effect.Effect<unknown, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    const start = performance.now()
    return Effect.map(effect, () => (performance.now() - start) / 1000)
  })

/** Workers that take the next number until none is left: the least a program can do. */
const plainLoop = (call: (i: number) => Promise<unknown>, { calls, wide }: Settings) =>
  Effect.promise(async () => {
    let next = 0
    const worker = async () => {
      while (next < calls) await call(next++)
    }
    await Promise.all(Array.from({ length: wide }, worker))
  })

const run = Effect.fnUntraced(function* (size: Size) {
  const settings = sizes[size]
  const { calls, latencyMs, wide } = settings
  const provider = yield* Provider.make
  const sdk = new OpenAI({ baseURL: provider.url, apiKey: "none", maxRetries: 0 })
  const source = OpenAi.model("mock", { baseUrl: provider.url })
  const context = yield* Layer.build(Models.layer({ forward: source, concurrency: wide }))
  const numbers = Array.from({ length: calls }, (_, i) => i)
  yield* provider.set(latencyMs)

  const [fetched = [], bySdk = [], byUs = []] = yield* turns(
    [
      seconds(plainLoop(bare(provider.url), settings)),
      seconds(plainLoop((i) => sdk.chat.completions.create({ model: "mock", messages: messages(i) }), settings)),
      Effect.provideContext(seconds(Effect.forEach(numbers, ours, { concurrency: wide, discard: true })), context)
    ],
    settings
  )
  const { maxConcurrent } = yield* provider.stats
  const figures: ReadonlyArray<Figure> = [
    {
      name: `${calls} calls, ${wide} at once, over a bare fetch loop`,
      unit: "x",
      wanted: 1.3,
      ...ratio(byUs, fetched)
    },
    { name: "  the openai SDK alone, over the same loop", unit: "x", ...ratio(bySdk, fetched) },
    repeated({ name: "  wall time", unit: "s" }, byUs),
    repeated({ name: "  wall time of the SDK alone", unit: "s" }, bySdk),
    repeated({ name: "  wall time of the fetch loop", unit: "s" }, fetched),
    { name: `  no client could do better than`, unit: "s", measured: (Math.ceil(calls / wide) * latencyMs) / 1000 },
    { name: "  most calls at once", unit: "at once", measured: maxConcurrent }
  ]
  return figures
})

export const Concurrency: Bench = { name: "concurrency", run }
