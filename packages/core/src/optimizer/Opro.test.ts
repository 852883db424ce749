import { Laws, Replies, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Loss from "../loss/Loss.ts"
import * as Message from "../model/Message.ts"
import * as Combine from "../operation/Combine.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Trainer from "../training/Trainer.ts"
import * as Opro from "./Opro.ts"
import { type Earlier, type Evidence, Optimizer } from "./Optimizer.ts"

const opro = Opro.layer()
const parameters = Parameters.make({ p: Parameter.text("In use.", { role: "instructions" }) })

const evidence = (...scores: ReadonlyArray<number>) =>
  Effect.forEach(scores, (score, example) =>
    Effect.map(
      Loss.verifier(() => ({ score, feedback: `said of ${example}` }))(parameters.p),
      (loss): Evidence => ({ example, loss, output: `output ${example}`, score, feedback: `said of ${example}` })
    )
  )

const propose = (earlier: ReadonlyArray<Earlier>, ...scores: ReadonlyArray<number>) =>
  Effect.flatMap(evidence(...scores), (evidence) =>
    Optimizer.propose(parameters, GradientMap.empty, { evidence, earlier: new Map([["p", earlier]]) })
  )

const prompts = Effect.map(
  Effect.flatMap(ScriptedModel, ({ requests }) => requests),
  (requests) => requests.map(({ messages }) => Message.text(messages.at(-1)!))
)

/** What stands in the fences of a label, in order. */
const fenced = (prompt: string, label: string) =>
  [...prompt.matchAll(new RegExp(`<${label}-\\w+>\\n(.*)\\n</`, "g"))].map(([, text]) => text)

const tried = (value: string, score?: number): Earlier => ({ value, score, feedback: [] })

describe("the laws of optimizers hold for", () => {
  it.effect("optimisation by scores", () => Laws.optimizer(opro, { runs: 40 }))
})

describe("optimisation by scores", () => {
  const answered = Effect.provide(ScriptedModel.respond(Replies.edit("New.")))

  it.effect("shows each version once, the best last, with the mean of its scores", () =>
    Effect.gen(function* () {
      const versions = [tried("good", 1), tried("In use.", 0.5), tried("bad", 0.25), tried("good", 0.25), tried("new")]
      const { values } = yield* propose(versions, 0, 1)
      assert.deepStrictEqual([...values], [["p", "New."]])
      const [prompt] = yield* prompts
      assert.deepStrictEqual(fenced(prompt!, "version"), ["bad", "In use.", "good"])
      assert.include(prompt, "Score 0.25 of 1:")
      assert.include(prompt, "Score 0.5 of 1:\n<version")
      assert.include(prompt, "Score 0.63 of 1:\n<version")
    }).pipe(Effect.provide(opro), answered)
  )

  it.effect("shows the best twenty, or as many as it is told", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 30 }, (_, i) => tried(`v${(i * 7) % 30}`, ((i * 7) % 30) / 30))
      yield* propose([...many, tried("In use.", 0)], 0)
      const [prompt] = yield* prompts
      assert.deepStrictEqual(
        fenced(prompt!, "version"),
        Array.from({ length: 20 }, (_, i) => `v${10 + i}`)
      )
    }).pipe(Effect.provide(opro), answered)
  )

  it.effect("knows the version in use by the minibatch, where nobody has evaluated it", () =>
    Effect.gen(function* () {
      yield* propose([tried("In use.")], 0, 1, 1, 1)
      const [prompt] = yield* prompts
      assert.deepStrictEqual(fenced(prompt!, "version"), ["In use."])
      assert.include(prompt, "Score 0.75 of 1:\n<version")
    }).pipe(Effect.provide(opro), answered)
  )

  it.effect("shows a few cases, half of them wrong ones where there are enough of both", () =>
    Effect.gen(function* () {
      for (const [scores, shown] of [
        [
          [1, 1, 1, 0, 0, 0],
          ["output 3", "output 4", "output 0", "output 1"]
        ],
        [
          [1, 1, 1, 0.5],
          ["output 3", "output 0", "output 1", "output 2"]
        ],
        [
          [0.5, 0, 0, 0, 1],
          ["output 1", "output 2", "output 3", "output 4"]
        ],
        [[1], ["output 0"]]
      ] as const) {
        yield* propose([], ...scores)
        assert.deepStrictEqual(fenced((yield* prompts).at(-1)!, "output"), [...shown])
      }
    }).pipe(Effect.provide(opro), answered)
  )

  it.effect("has a version that was tried written once more, told why, and does not take it again", () =>
    Effect.gen(function* () {
      const versions = [tried("In use.", 0.5), tried("Old.", 0.25)]
      assert.deepStrictEqual([...(yield* propose(versions, 0)).values], [["p", "New."]])
      const requests = yield* (yield* ScriptedModel).requests
      assert.include(Message.text(requests[1]!.messages.at(-1)!), "tried already")
      const error = yield* Effect.flip(propose(versions, 0))
      assert.strictEqual(error._tag === "OptimizerError" && error.reason._tag, "ReplyUnreadable")
    }).pipe(
      Effect.provide(opro),
      Effect.provide(ScriptedModel.layer(["Old.", "New.", "In use.", "Old."].map(Replies.edit)))
    )
  )

  it.effect("takes none again that was tried, also where nobody evaluated it to the end", () =>
    Effect.gen(function* () {
      const failed = { ...tried("Half.", undefined), rejected: "minibatch 0.500 -> 0.250" }
      assert.deepStrictEqual([...(yield* propose([tried("In use.", 0.5), failed], 0)).values], [["p", "New."]])
      assert.strictEqual(yield* (yield* ScriptedModel).calls(), 2)
    }).pipe(Effect.provide(opro), Effect.provide(ScriptedModel.layer(["Half.", "New."].map(Replies.edit))))
  )

  it.effect("lets one of several parameters stay as it is", () =>
    Effect.gen(function* () {
      const two = Parameters.make({
        p: Parameter.text("One.", { role: "instructions" }),
        q: Parameter.text("Two.", { role: "more instructions" })
      })
      const both = Combine.concat([two.p, two.q], { role: "both" })
      const loss = yield* Loss.verifier(() => ({ score: 0, feedback: "no" }))(both)
      const shown: Evidence = { example: 0, loss, output: "One. Two.", score: 0, feedback: "no" }
      const { values } = yield* Optimizer.propose(two, GradientMap.empty, { evidence: [shown] })
      assert.deepStrictEqual(Object.fromEntries(values), { p: "One.", q: "New." })
    }).pipe(
      Effect.provide(opro),
      Effect.provide(
        ScriptedModel.respond((request) =>
          Replies.edit(JSON.stringify(request.messages).includes("more instructions") ? "New." : "One.")(request)
        )
      )
    )
  )

  it.effect("asks under the number of the sample, so that several are several", () =>
    Effect.gen(function* () {
      const shown = yield* evidence(0)
      for (const sample of [0, 3]) yield* Optimizer.propose(parameters, GradientMap.empty, { evidence: shown, sample })
      assert.deepStrictEqual(
        (yield* (yield* ScriptedModel).requests).map(({ sample }) => sample),
        [0, 3]
      )
    }).pipe(Effect.provide(opro), answered)
  )
})

describe("a whole run with optimisation by scores", () => {
  const task = StudentModel.task({ seed: 5 })

  for (const [name, selector, proposals] of [
    ["latest", Latest.layer, 1],
    ["validation gate", ValidationGate.layer(), 1],
    ["validation gate, three proposals a step", ValidationGate.layer(), 3]
  ] as const) {
    it.effect(`learns everything, without a single call of a critic (${name})`, () =>
      Effect.gen(function* () {
        const learned = yield* Trainer.fit(task, { proposals, steps: 20 }).pipe(Trainer.result(task))
        const { interval } = yield* Evaluation.run(task, learned, task.test)
        assert.strictEqual(interval!.mean, 1)
        assert.strictEqual(yield* (yield* ScriptedModel).calls("backward"), 0)
      }).pipe(Effect.provide([opro, selector]), Effect.provide(StudentModel.layer()))
    )
  }
})
