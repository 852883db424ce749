/** Makes whole runs one after the other, and says what is alive after the first and after the last. */
import { queryObjects, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import {
  Journal,
  type JournalRecord,
  Models,
  TextModel,
  TextualGradientDescent,
  Trainer,
  ValidationGate
} from "@backprose/core"
import { ScriptedModel, StudentModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

const [runs = "0"] = process.argv.slice(2)

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const student = Layer.effect(
  TextModel,
  Effect.map(TextModel, (model) => model)
).pipe(Layer.provide(StudentModel.layer()))

const whole = Effect.suspend(() => {
  const records: Array<JournalRecord.Record> = []
  const task = StudentModel.task({ seed: 7 })
  return Trainer.fit(task, { steps: 6, concurrency: 8 }).pipe(
    Stream.runDrain,
    Effect.provide(Layer.mergeAll(TextualGradientDescent.layer(), ValidationGate.layer())),
    Effect.provide(Models.layer({ forward: student, backward: student, concurrency: 8 })),
    Effect.provide(Journal.layerMemory(records))
  )
})

// what runs, waits, listens and is kept by reference: each would be there twice if a run stayed
const kinds: { readonly [kind: string]: Function } = {
  fiber: Effect.runFork(Effect.never).constructor,
  object: Object,
  array: Array,
  promise: Promise,
  map: Map,
  set: Set,
  "weak map": WeakMap,
  "abort signal": AbortSignal,
  "scripted model": ScriptedModel
}

const look = Effect.promise(async () => {
  // twice, with time between: what is kept by timers and microtasks of the run itself is gone then
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
  }
  const objects = Object.fromEntries(
    Object.entries(kinds).map(([kind, of]) => [kind, queryObjects(of as never, { format: "count" }) as number])
  )
  // as a text: what is said of the first must not be counted with the last
  return JSON.stringify({ heapBytes: process.memoryUsage().heapUsed, objects })
})

const program = Effect.gen(function* () {
  // code is compiled and tables are filled by the first runs of a process
  for (let i = 0; i < 5; i++) yield* whole
  yield* look
  yield* whole
  const first = yield* look
  for (let i = 1; i < Number(runs); i++) yield* whole
  return `{"first":${first},"last":${yield* look}}`
})

process.stdout.write(await Effect.runPromise(program))
process.exit()
