/** A process that wants a journal: `take` and `leave`, a line each; it says how that went. */
import { createInterface } from "node:readline"
import { Journal } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"

const [path = ""] = process.argv.slice(2)
// what it logs is no answer
const layer = Journal.layerFile({ path }).pipe(Layer.provide(NodeServices.layer), Layer.provide(Logger.layer([])))
let scope = Scope.makeUnsafe()

const take = Effect.gen(function* () {
  const begun = performance.now()
  const exit = yield* Effect.exit(Layer.buildWithScope(layer, scope))
  const ms = performance.now() - begun
  if (Exit.isSuccess(exit)) return { end: "taken", ms }
  const error = exit.cause.reasons[0]
  const failure = error?._tag === "Fail" ? error.error : undefined
  return { end: failure?._tag ?? "defect", ms, pid: failure?._tag === "RunLocked" ? failure.pid : undefined }
})
const leave = Effect.gen(function* () {
  yield* Scope.close(scope, Exit.void)
  scope = yield* Scope.make()
  return { end: "left", ms: 0 }
})

const say = (answer: object) => void process.stdout.write(`${JSON.stringify(answer)}\n`)
say({ end: "ready", ms: 0 })
for await (const line of createInterface(process.stdin)) {
  say(await Effect.runPromise(line === "take" ? take : leave))
}
