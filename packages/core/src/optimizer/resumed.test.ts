import { StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Hash, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import * as Journal from "../journal/Journal.ts"
import type { Record } from "../journal/Record.ts"
import * as Request from "../model/Request.ts"
import { TextModel } from "../model/TextModel.ts"
import * as Template from "../operation/Template.ts"
import * as Demonstrations from "../parameter/Demonstrations.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Models from "../policy/Models.ts"
import * as Pareto from "../selector/Pareto.ts"
import * as Task from "../task/Task.ts"
import * as Teacher from "../training/Teacher.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Bootstrap from "./Bootstrap.ts"
import * as Compose from "./Compose.ts"
import * as Contrast from "./Contrast.ts"
import type { Lesson } from "./Lesson.ts"
import * as Mipro from "./mipro/Mipro.ts"
import * as Opro from "./Opro.ts"
import * as ProTeGi from "./ProTeGi.ts"
import * as Reflection from "./Reflection.ts"

const student = StudentModel.task({ seed: 8, sizes: { train: 12, validation: 6, test: 0 } })
const task = Task.make({
  name: "two instructions and demonstrations",
  parameters: Parameters.make({
    first: Parameter.text("Answer the message.", { role: "instructions" }),
    second: Parameter.text("Give its code.", { role: "more instructions" }),
    examples: Parameter.demonstrations({ role: "messages with their codes" })
  }),
  forward: (p, { message }: StudentModel.Example) =>
    Generate.text({
      system: Template.make`${p.first}\n${p.second}\n\n${Demonstrations.render(p.examples)}`,
      prompt: Template.make`Message: ${Variable.constant(message, "message")}`,
      role: "answer to the message"
    }),
  metric: (answer, { answer: right, topic }) =>
    answer === right ? 1 : { score: 0, feedback: `Messages about [${topic}] are answered with [${right}].` },
  train: student.train,
  validation: student.validation
})
const rules = student.train.map(({ answer, topic }) => `Messages about [${topic}] are answered with [${answer}].`)
const informed = Parameters.replace(task.parameters, new Map([["first", rules.join("\n")]]))

/** The student, slow in its own way for each `salt`; of some questions it never says anything of use. */
const slow = (salt: string) => {
  const asked = { calls: 0 }
  const models = Effect.gen(function* () {
    const student = yield* TextModel
    return TextModel.of({
      complete: (request) =>
        Effect.gen(function* () {
          asked.calls += 1
          const key = Request.key(request)
          yield* Effect.sleep((Hash.string(salt + key) >>> 0) % 1000)
          const isLost = request.purpose === "optimizer" && (Hash.string(key) >>> 0) % 7 === 0
          const reply = yield* student.complete(request)
          return isLost ? { ...reply, text: "I would rather not." } : reply
        })
    })
  })
  return { asked, layer: Layer.effect(TextModel, models).pipe(Layer.provide(StudentModel.layer())) }
}

type Layers = (lessons: ReadonlyArray<Lesson>) => Compose.Inner
const optimizers: ReadonlyArray<readonly [string, Layers]> = [
  ["reflection in turn", () => Reflection.layer()],
  ["optimisation by scores", () => Opro.layer()],
  ["bootstrapping", (lessons) => Bootstrap.layer({ lessons: lessons.slice(0, 6) })],
  ["joint search", (lessons) => Mipro.layer({ lessons: lessons.slice(0, 6), candidates: 4 })],
  [
    "a portfolio of all",
    (lessons) => Compose.portfolio(Reflection.layer(), Opro.layer(), Bootstrap.layer({ lessons }))
  ],
  ["edits and their paraphrases", () => ProTeGi.layer()],
  ["edits and their paraphrases, with reasons", () => Contrast.layer().pipe(Layer.provide(ProTeGi.layer()))],
  [
    "edits and paraphrases of what others proposed",
    () => Compose.mixture([ProTeGi.layer({ paraphrases: 2 }), 1], [Reflection.layer({ which: "all" }), 1])
  ],
  ["a mixture", () => Compose.mixture([Reflection.layer(), 1], [Bootstrap.layer(), 1])]
]

describe("several candidates extended at once, each by several proposals", () => {
  for (const [name, layer] of optimizers) {
    it.effect(`go the same way at any concurrency, and ask nothing again over their journal: ${name}`, () =>
      Effect.gen(function* () {
        const lessons = yield* Effect.provide(Teacher.lessons(task, { parameters: informed }), StudentModel.layer())
        const run = Effect.fnUntraced(function* (salt: string, concurrency: number, records: Array<Record>) {
          const { asked, layer: model } = slow(salt)
          const fiber = yield* Trainer.fit(task, { concurrency, steps: 5, parents: 2, proposals: 3, target: 2 }).pipe(
            Stream.runCollect,
            Effect.provide([layer(lessons), Pareto.layer()]),
            Effect.provide(Models.layer({ forward: model, retry: { times: 0 } }), { local: true }),
            Effect.provide(Journal.layerMemory(records), { local: true }),
            Effect.forkChild
          )
          yield* TestClock.adjust("1 day")
          const events = yield* Fiber.join(fiber)
          return {
            calls: asked.calls,
            events: events.map(({ at: _at, spend: _spend, usage: _usage, ...event }) => event)
          }
        })
        const records: Array<Record> = []
        const first = yield* run("a", 16, records)
        assert.isAbove(first.events.filter(({ _tag }) => _tag === "Proposed").length, 1)
        assert.deepStrictEqual((yield* run("b", 1, [])).events, first.events)
        const again = yield* run("c", 5, records)
        assert.deepStrictEqual(again.events, first.events)
        assert.strictEqual(again.calls, 0)
      })
    )
  }
})
