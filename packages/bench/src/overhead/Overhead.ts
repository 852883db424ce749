/**
 * What one call costs this process beside what the `openai` SDK costs it: processor time, with the two taking turns.
 */
import { Models, Request, TextModel, type TextModelService } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { OpenAI } from "openai"
import type { Bench, Size } from "../Bench.ts"
import { type Figure, repeated } from "../Figure.ts"
import * as Provider from "../server/Provider.ts"
import { difference, type Rounds, turns } from "../turns.ts"

const sizes: Record<Size, Rounds & { readonly calls: number }> = {
  full: { warmUp: 10, rounds: 40, calls: 50 },
  tiny: { warmUp: 0, rounds: 1, calls: 2 }
}

const system = "You are helpful."
const question = (i: number) => `question ${i}`

const jsonSchema = {
  type: "object",
  properties: { input1: { type: "string" } },
  required: ["input1"],
  additionalProperties: false
} as const

/** Calls, one after the other. */
type Block = (calls: number) => Effect.Effect<unknown, unknown>

const bare = (sdk: OpenAI, structured: boolean): Block => {
  const format = { type: "json_schema", json_schema: { name: "criticism", strict: true, schema: jsonSchema } } as const
  const call = async (i: number): Promise<unknown> => {
    const { choices } = await sdk.chat.completions.create({
      model: "mock",
      messages: [
        { role: "system", content: system },
        { role: "user", content: question(i) }
      ],
      ...(structured ? { response_format: format } : {})
    })
    const text = choices[0]?.message.content ?? ""
    return structured ? JSON.parse(text) : text
  }
  return (calls) =>
    Effect.promise(async () => {
      for (let i = 0; i < calls; i++) await call(i)
    })
}

const ours = (model: TextModelService, structured: boolean): Block => {
  // one object for all calls, as a program's schema is
  const output = { name: "criticism", jsonSchema }
  return Effect.fnUntraced(function* (calls) {
    for (let i = 0; i < calls; i++) {
      yield* model.complete(
        Request.make({
          purpose: "forward",
          messages: [
            { role: "system", content: system },
            { role: "user", content: question(i) }
          ],
          ...(structured ? { output } : {})
        })
      )
    }
  })
}

/** Processor time of one call of a block, in ms. */
const cost = Effect.fnUntraced(function* (block: Block, calls: number) {
  const start = process.cpuUsage()
  yield* block(calls)
  const { system, user } = process.cpuUsage(start)
  return (system + user) / 1000 / calls
})

const run = Effect.fnUntraced(function* (size: Size) {
  const { calls } = sizes[size]
  const provider = yield* Provider.make
  yield* provider.set(0)
  const sdk = new OpenAI({ baseURL: provider.url, apiKey: "none", maxRetries: 0 })
  const source = OpenAi.model("mock", { baseUrl: provider.url })
  const plain = Context.get(yield* Layer.build(TextModel.layer(source)), TextModel)
  const guarded = Context.get(yield* Layer.build(Models.layer({ forward: source })), TextModel)
  const all = [bare(sdk, false), ours(plain, false), ours(guarded, false), bare(sdk, true), ours(plain, true)]
  const [sdkText = [], text = [], policies = [], sdkObject = [], object = []] = yield* turns(
    all.map((block) => cost(block, calls)),
    sizes[size]
  )

  const unit = "ms"
  const figures: ReadonlyArray<Figure> = [
    { name: "cpu of a call beside the bare openai SDK", unit, wanted: 0.3, ...difference(text, sdkText) },
    { name: "  the same with retries, deadline, limit and meter", unit, ...difference(policies, sdkText) },
    { name: "  the same for a structured reply", unit, ...difference(object, sdkObject) },
    repeated({ name: "  cpu of a call of the SDK alone", unit }, sdkText),
    repeated({ name: "  cpu of a call of the SDK alone, structured", unit }, sdkObject)
  ]
  return figures
})

export const Overhead: Bench = { name: "overhead", run }
