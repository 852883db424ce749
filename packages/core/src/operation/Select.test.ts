import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Backward from "../autograd/Backward.ts"
import * as Feedback from "../graph/Feedback.ts"
import * as Parameter from "../parameter/Parameter.ts"
import * as Parameters from "../parameter/Parameters.ts"
import * as Combine from "./Combine.ts"
import * as Select from "./Select.ts"

const Plan = Schema.Struct({ title: Schema.String, steps: Schema.Array(Schema.String) })
const { plan } = Parameters.make({
  plan: Parameter.schema(Plan, { title: "Paint", steps: ["sand", "prime"] }, { role: "plan" })
})

describe("Select", () => {
  it("is one field of a record or one place of a list, with a role that says so", () => {
    const title = Select.field(plan, "title")
    assert.strictEqual(title.value, "Paint")
    assert.strictEqual(title.role, "title of the plan")
    const steps = Select.field(plan, "steps", "what to do")
    assert.strictEqual(Select.field(steps, 1).value, "prime")
    assert.strictEqual(steps.role, "what to do")
  })

  it.effect("feedback on the field says which field it is about; score, weight and sender stay", () =>
    Effect.gen(function* () {
      const seed = [Feedback.make("too vague", { from: "judge", score: 0.1, weight: 2 })]
      const gradients = yield* Backward.run(Select.field(plan, "title"), { seed })
      assert.deepStrictEqual(gradients.of(plan), [
        Feedback.make('About its field "title": too vague', { from: "judge", score: 0.1, weight: 2 })
      ])
    })
  )

  it.effect("of two fields of one value the value hears both", () =>
    Effect.gen(function* () {
      const both = Combine.all<unknown, never>([Select.field(plan, "title"), Select.field(plan, "steps")], "both")
      const gradients = yield* Backward.run(both, { seed: [Feedback.make("no", { from: "judge" })] })
      assert.deepStrictEqual(
        gradients.of(plan).map((one) => Feedback.isCriticism(one) && one.text),
        ['About its field "title": no', 'About its field "steps": no']
      )
    })
  )

  it.effect("the objective passes as it is", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* Backward.run(Select.field(plan, "title"))).of(plan), [Feedback.objective])
    })
  )
})
