import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Generate from "../generate/Generate.ts"
import * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as Operation from "../operation/Operation.ts"
import * as Template from "../operation/Template.ts"
import * as Demonstrations from "../parameter/Demonstrations.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Observation from "./Observation.ts"
import type { Evidence } from "./Optimizer.ts"

const { examples, last, plan, unused } = Parameters.make({
  examples: Parameter.demonstrations({ role: "examples", initial: [{ input: "i", output: "o" }] }),
  last: Parameter.text("Say it shorter.", { role: "instructions of the last" }),
  plan: Parameter.text("Drink tea.", { role: "plan" }),
  unused: Parameter.text("Nobody reads this.", { role: "spare" })
})
const question = Variable.constant("Why?", "question")
const context = Variable.constant("Because.", "context")

const evidenceOf = (loss: Variable.Variable<unknown, any>, score = 0.5): Evidence => ({
  example: 7,
  loss,
  output: "the output",
  score,
  feedback: "said"
})

const chain = Effect.gen(function* () {
  // the demonstrations are mixed with data in one text before a model reads it
  const mixed = yield* Template.fill(
    Template.make`${Demonstrations.render(examples)}\n${context}\n${Operation.map(question, { role: "loud question", f: (text) => text.toUpperCase() })}`,
    "prompt"
  )
  const draft = yield* Generate.text({ system: "Think.", prompt: mixed, role: "draft" })
  const short = Operation.map(draft, { role: "start of the draft", f: (text) => text.slice(0, 3) })
  const answer = yield* Generate.text({ system: last, prompt: Template.make`${short} ${context}`, role: "answer" })
  return yield* Loss.verifier(() => ({ score: 0.5, feedback: "said" }))(answer)
}).pipe(Effect.provide(ScriptedModel.layer(["a draft", "an answer"])))

const shown = (observations: ReadonlyArray<Observation.Observation>) =>
  observations.map(({ inputs, output }) => [...inputs.map(({ role, text }) => `${role}: ${text}`), output])

describe("what an example shows of a parameter", () => {
  it.effect("are the calls that read it, with the data beside it, however they were put together", () =>
    Effect.gen(function* () {
      const evidence = evidenceOf(yield* chain)
      assert.deepStrictEqual(shown(Observation.of(evidence, "examples")), [
        ["context: Because.", "loud question: WHY?", "a draft"]
      ])
      assert.deepStrictEqual(shown(Observation.of(evidence, "last")), [
        ["start of the draft: a d", "context: Because.", "an answer"]
      ])
      const [one] = Observation.of(evidence, "last")
      assert.deepStrictEqual(
        [one!.example, one!.score, one!.feedback, one!.outputRole, one!.isDemonstrable],
        [7, 0.5, "said", "answer", true]
      )
    })
  )

  it.effect("is nothing where the example did not use it, and its output where no model read it", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(Observation.of(evidenceOf(yield* chain), "unused"), [])
      assert.strictEqual(unused.role, "spare")
      const judged = yield* Loss.verifier(() => 0.5)(plan)
      const [whole, ...more] = Observation.of(evidenceOf(judged), "plan")
      assert.deepStrictEqual(
        [whole!.inputs, whole!.output, whole!.isDemonstrable, more.length],
        [[], "the output", false, 0]
      )
    })
  )

  it.effect("says what a judge said in words, beside what the metric said", () =>
    Effect.gen(function* () {
      const judged = yield* Loss.text("Is it good?")(plan)
      const [one] = Observation.of(evidenceOf(judged), "plan")
      assert.strictEqual(one!.feedback, "said\nToo wet.")
    }).pipe(Effect.provide(ScriptedModel.layer({ judge: ["Too wet."] })))
  )
})
