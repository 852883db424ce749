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
import { type Figure, median, repeated } from "../Figure.ts"
import * as Provider from "../server/Provider.ts"
import { type Rounds, turns } from "../turns.ts"

const sizes: Record<Size, Rounds & { readonly calls: number }> = {
  full: { warmUp: 6, rounds: 24, calls: 50 },
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

type Call = (i: number) => Effect.Effect<unknown, unknown>

const bare = (sdk: OpenAI, structured: boolean): Call => {
  const format = { type: "json_schema", json_schema: { name: "criticism", strict: true, schema: jsonSchema } } as const
  return (i) =>
    Effect.promise(() =>
      sdk.chat.completions
        .create({
          model: "mock",
          messages: [
            { role: "system", content: system },
            { role: "user", content: question(i) }
          ],
          ...(structured ? { response_format: format } : {})
        })
        .then(({ choices }) => {
          const text = choices[0]?.message.content ?? ""
          return structured ? (JSON.parse(text) as unknown) : text
        })
    )
}

const ours = (model: TextModelService, structured: boolean): Call => {
  // one object for all calls, as a program's schema is
  const output = { name: "criticism", jsonSchema }
  return (i) =>
    model.complete(
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

/** Processor time of one call, in ms, over a block of calls one after the other. */
const block = Effect.fnUntraced(function* (call: Call, calls: number) {
  const start = process.cpuUsage()
  for (let i = 0; i < calls; i++) yield* call(i)
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
    all.map((call) => block(call, calls)),
    sizes[size]
  )

  const over = (name: string, those: ReadonlyArray<number>, base: ReadonlyArray<number>): Figure => ({
    name,
    unit: "ms",
    measured: median(those) - median(base),
    min: Math.min(...those) - Math.min(...base)
  })
  const figures: ReadonlyArray<Figure> = [
    { ...over("cpu of a call beside the bare openai SDK", text, sdkText), wanted: 0.3 },
    over("  the same with retries, deadline, limit and meter", policies, sdkText),
    over("  the same for a structured reply", object, sdkObject),
    repeated({ name: "  cpu of a call of the SDK alone", unit: "ms" }, sdkText),
    repeated({ name: "  cpu of a call of the SDK alone, structured", unit: "ms" }, sdkObject)
  ]
  return figures
})

export const Overhead: Bench = { name: "overhead", run }
