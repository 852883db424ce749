import { Laws, Replies, ScriptedModel, StudentModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as GradientMap from "../autograd/GradientMap.ts"
import * as Evaluation from "../evaluation/Evaluation.ts"
import * as Generate from "../generate/Generate.ts"
import type * as Variable from "../graph/Variable.ts"
import { constant } from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as Message from "../model/Message.ts"
import * as Template from "../operation/Template.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Fence from "../prompts/Fence.ts"
import * as Latest from "../selector/Latest.ts"
import * as ValidationGate from "../selector/ValidationGate.ts"
import * as Trainer from "../training/Trainer.ts"
import { type Earlier, type Evidence, Optimizer } from "./Optimizer.ts"
import * as Reflection from "./Reflection.ts"

const reflection = Reflection.layer()

const parameters = Parameters.make({
  draft: Parameter.text("Draft an answer.", { role: "instructions of the drafter", constraints: ["at most 9 words"] }),
  shorten: Parameter.text("Shorten it.", { role: "instructions of the shortener" }),
  unused: Parameter.text("Nobody reads this.", { role: "spare instructions" })
})

/** An example of two model calls, judged. */
const example = (place: number, question: string, score: number, feedback: string) =>
  Effect.gen(function* () {
    const draft = yield* Generate.text({
      system: parameters.draft,
      prompt: Template.make`Question: ${constant(question, "question")}`,
      role: "draft"
    })
    const answer = yield* Generate.text({ system: parameters.shorten, prompt: draft, role: "answer" })
    const loss: Variable.Variable<unknown, any> = yield* Loss.verifier(() => ({ score, feedback }))(answer)
    const evidence: Evidence = { example: place, loss, output: answer.value, score, feedback }
    return evidence
  }).pipe(
    Effect.provide(
      ScriptedModel.respond(({ messages }) =>
        Message.text(messages[0]!) === "Shorten it." ? `A ${place}` : `D ${place}`
      )
    )
  )

const evidence = Effect.all([
  example(0, "What is right?", 1, ""),
  example(1, "What is half right?", 0.5, "Say R7."),
  example(2, "What is wrong?", 0, "Say A2.")
])

const propose = (step: number, sample = 0) =>
  Effect.flatMap(evidence, (evidence) => Optimizer.propose(parameters, GradientMap.empty, { evidence, step, sample }))

const changed = ({ values }: { readonly values: ReadonlyMap<string, unknown> }) =>
  Parameters.changes(parameters, values).map(({ parameter }) => parameter)

const prompts = Effect.map(
  Effect.flatMap(ScriptedModel, ({ requests }) => requests),
  (requests) => requests.map(({ messages }) => Message.text(messages.at(-1)!))
)

describe("the laws of optimizers hold for", () => {
  it.effect("reflection on all parameters", () => Laws.optimizer(Reflection.layer({ which: "all" }), { runs: 40 }))
  it.effect("reflection on each in turn", () => Laws.optimizer(Reflection.layer({ which: "roundRobin" }), { runs: 40 }))
})

describe("reflection", () => {
  it.effect(
    "shows what went into each call that read the parameter, what came out and what was said, worst first",
    () =>
      Effect.gen(function* () {
        yield* propose(1)
        const [prompt] = yield* prompts
        const order = [
          "What is wrong?",
          "D 2",
          "Say A2.",
          "What is half right?",
          "D 1",
          "Say R7.",
          "What is right?",
          "D 0"
        ]
        const at = order.map((text) => prompt!.indexOf(text))
        assert.notInclude(at, -1)
        assert.deepStrictEqual(
          at,
          [...at].sort((a, b) => a - b)
        )
        assert.include(prompt, "Case 2, score 0.5 of 1:")
        assert.include(prompt, "- at most 9 words")
        // what the other parameter's call gave is not this one's
        assert.notInclude(prompt, "A 2")
      }).pipe(Effect.provide(reflection), Effect.provide(ScriptedModel.layer([Replies.edit("Draft A2.")])))
  )

  it.effect("shows at most so many wrong and right ones", () =>
    Effect.gen(function* () {
      yield* propose(1)
      const [prompt] = yield* prompts
      assert.include(prompt, "What is wrong?")
      for (const other of ["What is half right?", "What is right?"]) assert.notInclude(prompt, other)
    }).pipe(
      Effect.provide(Reflection.layer({ wrong: 1, right: 0 })),
      Effect.provide(ScriptedModel.layer([Replies.edit("Draft A2.")]))
    )
  )

  it.effect(
    "shows the last versions that were tried and not kept, and why; none that was kept, nor the one in use",
    () =>
      Effect.gen(function* () {
        const not = (value: string, score?: number): Earlier => ({ value, score, feedback: [], rejected: "no better" })
        const versions = [
          not("Failed 1."),
          { value: "Once kept.", score: 0.5, feedback: [] },
          not("Once kept.", 0.5),
          not("Failed 2.", 0.25),
          not("Failed 3."),
          not(parameters.draft.value)
        ]
        yield* Optimizer.propose(parameters, GradientMap.empty, {
          evidence: yield* evidence,
          earlier: new Map([
            ["draft", versions],
            ["shorten", [not("Another's.")]]
          ])
        })
        const [prompt] = yield* prompts
        assert.include(prompt, `A version, score 0.25 of 1, not kept: "no better"\n${Fence.wrap("tried", "Failed 2.")}`)
        assert.include(prompt, `A version, not kept: "no better"\n${Fence.wrap("tried", "Failed 3.")}`)
        for (const text of ["Failed 1.", "Once kept.", "Another's.", Fence.wrap("tried", parameters.draft.value)]) {
          assert.notInclude(prompt, text)
        }
      }).pipe(Effect.provide(reflection), Effect.provide(ScriptedModel.layer([Replies.edit("Draft A2.")])))
  )

  it.effect("takes parameters in turn, each proposal of one step another, and none that no example used", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(changed(yield* propose(1)), ["draft"])
      assert.deepStrictEqual(changed(yield* propose(2)), ["shorten"])
      // the third in turn was not used: the next one after it
      assert.deepStrictEqual(changed(yield* propose(3)), ["draft"])
      assert.deepStrictEqual(changed(yield* propose(4)), ["draft"])
      assert.deepStrictEqual(changed(yield* propose(4, 1)), ["shorten"])
    }).pipe(Effect.provide(reflection), Effect.provide(ScriptedModel.respond(Replies.edit("Better."))))
  )

  it.effect("keeps its turn where a step fails, and changes nothing then", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(propose(1))
      assert.strictEqual(error._tag === "OptimizerError" && error.parameter, "draft")
      assert.deepStrictEqual(changed(yield* propose(2)), ["draft"])
    }).pipe(
      Effect.provide(reflection),
      Effect.provide(ScriptedModel.layer(["no JSON", "no JSON", Replies.edit("Better.")]))
    )
  )

  it.effect("changes all that were used, where it is told so", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(changed(yield* propose(1)), ["draft", "shorten"])
    }).pipe(
      Effect.provide(Reflection.layer({ which: "all" })),
      Effect.provide(ScriptedModel.respond(Replies.edit("B")))
    )
  )

  it.effect("asks nobody where all came out right", () =>
    Effect.gen(function* () {
      const right = (yield* evidence).slice(0, 1)
      const { values } = yield* Optimizer.propose(parameters, GradientMap.empty, { evidence: right })
      assert.strictEqual(values.size, 0)
    }).pipe(Effect.provide(reflection), Effect.provide(ScriptedModel.layer([])))
  )

  it.effect("of a value that is no text shows JSON, and no worked case with a text", () =>
    Effect.gen(function* () {
      const typed = Parameters.make({
        limit: Parameter.schema(Schema.Struct({ n: Schema.Int }), { n: 3 }, { role: "limit" })
      })
      const loss: Variable.Variable<unknown, any> = yield* Loss.verifier(() => ({ score: 0, feedback: "Too low." }))(
        typed.limit
      )
      const next = yield* Optimizer.propose(typed, GradientMap.empty, {
        evidence: [{ example: 0, loss, output: "3", score: 0, feedback: "Too low." }]
      })
      assert.deepStrictEqual([...next.values], [["limit", { n: 9 }]])
      const [request] = yield* (yield* ScriptedModel).requests
      assert.strictEqual(request!.messages.length, 2)
      assert.include(Message.text(request!.messages[1]!), '"n": 3')
      assert.include(Message.text(request!.messages[1]!), "Too low.")
    }).pipe(Effect.provide(reflection), Effect.provide(ScriptedModel.layer([Replies.edit({ n: 9 })])))
  )
})

describe("a whole run with reflection", () => {
  const task = StudentModel.task({ seed: 3 })

  for (const [name, selector] of [
    ["latest", Latest.layer],
    ["validation gate", ValidationGate.layer()]
  ] as const) {
    it.effect(`learns everything, without a single call of a critic (${name})`, () =>
      Effect.gen(function* () {
        const learned = yield* Trainer.fit(task).pipe(Trainer.result(task))
        const { interval } = yield* Evaluation.run(task, learned, task.test)
        assert.strictEqual(interval!.mean, 1)
        assert.strictEqual(yield* (yield* ScriptedModel).calls("backward"), 0)
      }).pipe(Effect.provide([reflection, selector]), Effect.provide(StudentModel.layer()))
    )
  }
})
