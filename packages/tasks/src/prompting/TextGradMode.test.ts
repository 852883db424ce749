import { Message, Variable } from "@backprose/core"
import { Jail } from "@backprose/sandbox"
import { ScriptedModel } from "@backprose/testing"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ReadyTasks from "../ready/ReadyTasks.ts"
import { ObjectCounting } from "./ObjectCounting.ts"
import type { Puzzle } from "./Subject.ts"
import * as TextGradMode from "./TextGradMode.ts"
import { WordSorting } from "./WordSorting.ts"

const puzzle: Puzzle = { id: "0", question: "I have two figs and a lime. How many pieces of fruit?", answer: "3" }
const split = { train: [puzzle], validation: [], test: [] }

describe("a task as TextGrad runs it", () => {
  it.effect("replies in free text, and the last number of it counts", () =>
    Effect.gen(function* () {
      const task = TextGradMode.integer(ObjectCounting, split)
      const reply = yield* task.forward(task.parameters, puzzle)
      assert.strictEqual(reply.value, "2 and 1.\nAnswer: 3")
      assert.deepStrictEqual(yield* task.metric(reply.value, puzzle), { score: 1, feedback: "" })
      const { feedback, score } = yield* task.metric("Answer: 3, of 12", puzzle)
      assert.deepStrictEqual([score, feedback], [0, "The reply is read as 12, it must be 3."])
      const [request] = yield* Effect.flatMap(ScriptedModel, ({ requests }) => requests)
      assert.isUndefined(request!.output)
      assert.include(Message.text(request!.messages[0]!), "'Answer: '")
    }).pipe(Effect.provide(ScriptedModel.layer(["2 and 1.\nAnswer: 3"])))
  )

  it.effect("asks a judge for what has no number, who sees the right answer, and whose score becomes 1 or 0", () =>
    Effect.gen(function* () {
      const sorted = { ...puzzle, question: "Sort: cow ape", answer: "ape cow" }
      const task = TextGradMode.judged(WordSorting, { ...split, train: [sorted] })
      assert.deepStrictEqual(yield* task.metric("Answer: ape cow", sorted), { score: 1, feedback: "Right." })
      assert.deepStrictEqual(yield* task.metric("Answer: cow ape", sorted), { score: 0, feedback: "Wrong order." })
      const requests = yield* Effect.flatMap(ScriptedModel, (model) => model.requests)
      for (const request of requests) {
        assert.strictEqual(request.purpose, "judge")
        assert.include(Message.text(request.messages.at(-1)!), "ape cow")
      }
      const loss = yield* task.loss(Variable.constant("Answer: cow ape", "reply"), sorted)
      assert.deepStrictEqual(loss.value, { score: 0.3, feedback: "Wrong order." })
    }).pipe(
      Effect.provide(
        ScriptedModel.layer([
          { feedback: "Right.", score: 0.9 },
          { feedback: "Wrong order.", score: 0.2 },
          { feedback: "Wrong order.", score: 0.3 }
        ])
      )
    )
  )
})

describe("the tasks that TextGrad has", () => {
  const theirs = ReadyTasks.prompts.filter(({ isTextGrads, name }) => isTextGrads && name !== "gsm8k")

  it.effect("are all to be had with its scoring: a reply in free text, the same examples", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        theirs.map(({ name }) => name),
        ["object-counting", "word-sorting", "date-understanding", "tracking", "arithmetic", "boolean"]
      )
      for (const { make, name } of theirs) {
        const sizes = { train: 1, validation: 0, test: 2 }
        const [exact, textgrad] = [
          yield* make(sizes, { seed: 4 }),
          yield* make(sizes, { seed: 4, scoring: "textgrad" })
        ]
        const questions = ({ test }: typeof exact) => (test as ReadonlyArray<Puzzle>).map(({ question }) => question)
        assert.deepStrictEqual(questions(textgrad), questions(exact), name)
        const reply = yield* textgrad.forward(textgrad.parameters, textgrad.train[0])
        assert.strictEqual(reply.value, "Answer: 7", name)
      }
    }).pipe(Effect.provide([ScriptedModel.layer(theirs.map(() => "Answer: 7")), NodeFileSystem.layer, Jail.layer()]))
  )
})
