/**
 * Asks a server for replies that are too large, one after the other, and says what each came to and by how much the
 * memory of this process grew at most for one of them.
 */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Message, Request, TextModel, TextModelError } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

const [url = "", cap = "0", warmups = "0", times = "0"] = process.argv.slice(2)

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const whole = Effect.flatMap(TextModel, (model) =>
  model.complete(Request.make({ purpose: "forward", messages: [Message.user("hi")] }))
)
const streamed = LanguageModel.streamText({ prompt: "hi" }).pipe(Stream.runDrain)

const outcome = (ask: Effect.Effect<unknown, unknown, TextModel | LanguageModel.LanguageModel>) =>
  ask.pipe(
    Effect.as("ok"),
    Effect.catch((error) =>
      Effect.succeed(
        TextModelError.isTextModelError(error)
          ? error._tag
          : /larger than/.test(String(error))
            ? "ReplyTooLarge"
            : String(error)
      )
    ),
    // the connection is to be seen closed before the next one is opened
    Effect.tap(() => Effect.sleep("30 millis"))
  )

const program = Effect.gen(function* () {
  for (let i = 0; i < Number(warmups); i++) yield* outcome(i % 2 === 0 ? whole : streamed)
  let [base, growthBytes] = [0, 0]
  const watched = Effect.sync(() => {
    growthBytes = Math.max(growthBytes, process.memoryUsage.rss() - base)
  })
  const watch = yield* Effect.forkChild(Effect.forever(Effect.delay(watched, 2)))
  const tags: Array<string> = []
  for (let i = 0; i < Number(times); i++) {
    // what the reply before has left behind is not this one's
    collect()
    base = process.memoryUsage.rss()
    tags.push(yield* outcome(i % 2 === 0 ? whole : streamed))
  }
  yield* Fiber.interrupt(watch)
  return { tags, growthBytes }
})

const model = OpenAi.model("m", { baseUrl: url, maxReplyBytes: Number(cap) })
const found = await Effect.runPromise(program.pipe(Effect.provide(Layer.merge(model, TextModel.layer(model)))))
process.stdout.write(JSON.stringify(found))
process.exit()
