/** C1: over real sockets, a question that many ask at once is paid once; a second process-worth of asking pays nothing. */
import { Cache, Models, TextModel } from "@backprose/core"
import { OpenAi } from "@backprose/openai"
import { FaultReply, FaultServer } from "@backprose/testing"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Row } from "../../Row.ts"
import { request } from "./Asking.ts"

const many = 20

const ask = (content: string) =>
  Effect.map(
    Effect.flatMap(TextModel, ({ complete }) => complete(request(content))),
    ({ text }) => text
  )
const asks = (content: string) =>
  Effect.all(
    Array.from({ length: many }, () => ask(content)),
    { concurrency: "unbounded" }
  )

const measure = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  const server = yield* FaultServer.make({
    reply: (_, index) => FaultReply.after(50, FaultReply.text(`reply ${index}`))
  })
  const paid = Effect.map(server.requests, ({ length }) => length)
  const session = <A, E>(program: Effect.Effect<A, E, TextModel>) =>
    program.pipe(
      Effect.provide(
        Models.layer({
          forward: OpenAi.model("mock", { baseUrl: server.url, apiKey: Redacted.make("none") }),
          concurrency: many
        }).pipe(Layer.provide(Cache.layerFolder(folder))),
        { local: true }
      )
    )

  const cold = yield* session(asks("a"))
  const afterCold = yield* paid
  const warm = yield* session(asks("a"))
  const afterWarm = yield* paid
  // whoever asked first leaves while the others wait
  const left = yield* session(
    Effect.gen(function* () {
      const leader = yield* Effect.forkChild(ask("b"))
      yield* server.until(({ requests }) => requests === afterWarm + 1)
      const others = yield* Effect.forkChild(asks("b"))
      yield* Effect.sleep("10 millis")
      yield* Fiber.interrupt(leader)
      return yield* Fiber.join(others)
    })
  )
  const afterLeft = yield* paid
  const texts = new Set([...cold, ...warm])
  const held = afterCold === 1 && afterWarm === 1 && texts.size === 1 && afterLeft === 3 && new Set(left).size === 1
  return {
    figure: `${afterCold} paid`,
    held,
    details: [
      `cold ${afterCold}, again ${afterWarm - afterCold}, after the first one left ${afterLeft - afterWarm} (its own and one more)`,
      `texts: ${[...texts].join(", ")}; ${[...new Set(left)].join(", ")}`
    ]
  }
}).pipe(Effect.provide(NodeServices.layer))

export const singleFlight: Row = {
  id: "C1",
  title: `${many} identical questions at once, cold cache`,
  wanted: "1 paid",
  speed: "fast",
  measure
}
