/** Many calls in a process of its own, over sockets or scripted; says how long they took and by how much it grew. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Completion, Message, Models, Request, TextModel } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"

const [url = "", calls = "0", how = "with all policies"] = process.argv.slice(2)
const concurrency = 32

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const scripted = Layer.succeed(TextModel, {
  complete: () => Effect.as(Effect.yieldNow, Completion.make("a reply of some words"))
})
/** Node's own `fetch` and nothing else, to see what of it is not ours. */
const bare = Layer.succeed(TextModel, {
  complete: () =>
    Effect.promise((signal) =>
      fetch(`${url}/chat/completions`, { method: "POST", body: "{}", signal }).then((response) => response.text())
    ).pipe(Effect.map(Completion.make))
})
const source = url === "scripted" ? scripted : TextModel.layer(OpenAi.model("m", { baseUrl: url }))

const numbers = function* (count: number) {
  for (let i = 0; i < count; i++) yield i
}

const ask = (count: number) =>
  Effect.flatMap(TextModel, (model) =>
    Effect.forEach(
      { [Symbol.iterator]: () => numbers(count) },
      (i) => model.complete(Request.make({ purpose: "forward", messages: [Message.user(`call ${i}`)] })),
      { concurrency, discard: true }
    )
  )

const program = Effect.gen(function* () {
  // a connection for each place, and the code of a call
  yield* ask(concurrency)
  collect()
  const base = process.memoryUsage.rss()
  let peak = base
  const watched = Effect.sync(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  })
  const watch = yield* Effect.forkChild(Effect.forever(Effect.delay(watched, 10)))
  const begun = yield* Clock.currentTimeMillis
  yield* ask(Number(calls))
  const ms = (yield* Clock.currentTimeMillis) - begun
  yield* Fiber.interrupt(watch)
  collect()
  return {
    ms,
    growthBytes: Math.max(peak, process.memoryUsage.rss()) - base,
    heapBytes: process.memoryUsage().heapUsed
  }
})

const models = how === "bare" ? bare : Models.layer({ forward: source, concurrency })
process.stdout.write(JSON.stringify(await Effect.runPromise(Effect.provide(program, models))))
process.exit()
