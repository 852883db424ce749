/** F4: bodies that no provider should send. */
import { Message, Request, TextModel, TextModelError } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Row } from "../../Row.ts"
import { type Api, all, type Body } from "./bodies.ts"

const count = 10_000
const seed = "hostile"

const asked = Request.make({ purpose: "forward", messages: [Message.user("hi")] })
const output = {
  name: "reply",
  jsonSchema: { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false }
}

/** Models that are sent whatever `next` holds. */
const models = Effect.gen(function* () {
  let next: Body | undefined
  const fetch = () => {
    const { headers, pieces, status } = next!
    const left = [...pieces]
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const piece = left.shift()
        if (piece === undefined) controller.close()
        else controller.enqueue(piece)
      }
    })
    return Promise.resolve(new Response(body, { headers, status }))
  }
  const of = (api: Api) => {
    const model = OpenAi.model("m", { baseUrl: "http://127.0.0.1:1/v1", api, fetch })
    return Layer.build(Layer.merge(model, TextModel.layer(model)))
  }
  return { chat: yield* of("chat"), responses: yield* of("responses"), send: (body: Body) => (next = body) }
})

const textOf = LanguageModel.streamText({ prompt: "hi" }).pipe(
  Stream.runFold(
    () => "",
    (text, part) => (part.type === "text-delta" ? text + part.delta : text)
  )
)

const typed = (error: unknown): boolean => TextModelError.isTextModelError(error) || AiError.isAiError(error)

export const hostileBodies: Row = {
  id: "F4",
  title: "10,000 bodies that no provider should send are read or fail with a typed error; a split stream loses nothing",
  wanted: "0 defects, 0 hangs, 0 texts wrong, <= 60 s",
  speed: "fast",
  measure: Effect.gen(function* () {
    const begun = yield* Clock.currentTimeMillis
    const { send, ...model } = yield* models
    const bodies = yield* all(count, seed)
    const found = { defects: 0, hangs: 0, wrong: 0, read: 0 }
    const details: Array<string> = []
    for (const [i, body] of bodies.entries()) {
      send(body)
      const stream = body.headers["content-type"] === "text/event-stream"
      const ask: Effect.Effect<string, unknown, TextModel | LanguageModel.LanguageModel> = stream
        ? textOf
        : Effect.flatMap(TextModel, ({ complete }) =>
            Effect.map(complete(i % 3 === 0 ? { ...asked, output } : asked), ({ text }) => text)
          )
      const exit = yield* Effect.exit(Effect.timeoutOption(Effect.provide(ask, model[body.api]), "5 seconds"))
      const failed =
        Exit.isFailure(exit) && !exit.cause.reasons.every((reason) => reason._tag === "Fail" && typed(reason.error))
      const hangs = Exit.isSuccess(exit) && Option.isNone(exit.value)
      const wrong = body.text !== undefined && !(Exit.isSuccess(exit) && Option.contains(exit.value, body.text))
      if (Exit.isSuccess(exit)) found.read += 1
      if (failed) found.defects += 1
      if (hangs) found.hangs += 1
      if (wrong) found.wrong += 1
      if (failed || hangs || wrong) {
        const why = Exit.isFailure(exit) ? Cause.pretty(exit.cause).split("\n", 1)[0] : "read"
        details.push(`seed ${seed}, number ${i}, ${body.api}, ${body.name}: ${hangs ? "hangs" : why}`)
      }
    }
    const seconds = ((yield* Clock.currentTimeMillis) - begun) / 1000
    const { defects, hangs, read, wrong } = found
    return {
      figure: `${defects} defects, ${hangs} hangs, ${wrong} wrong, ${read} of ${bodies.length} read, ${seconds.toFixed(1)} s`,
      // where none of them or all of them could be read, nothing would have been measured
      held: defects + hangs + wrong === 0 && bodies.length === count && read > 2000 && read < 9000,
      late: seconds <= 60 ? [] : [`${seconds.toFixed(1)} s`],
      details: details.slice(0, 20)
    }
  })
}
