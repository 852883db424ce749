/**
 * Object counting: how many things of one kind a list holds. The first instruction says nothing of how to count.
 */
import { Generate, Parameter, Parameters, Task, Variable } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Sizes } from "../shuffle/Sizes.ts"
import { generate, type Inventory } from "./Inventories.ts"

// the reasoning comes first, so that the number can follow from it; the limit ends the reply of a model that rambles on
const Count = Schema.Struct({ reasoning: Schema.String.check(Schema.isMaxLength(300)), answer: Schema.Int })

const parameters = Parameters.make({
  instructions: Parameter.text("Answer the question.", {
    role: "instructions of the model that counts things of one kind",
    constraints: ["at most 100 words"]
  })
})

/** The exact number; the feedback says what counts. */
const metric = (count: typeof Count.Type, { kind, answer, counted, others }: Inventory) =>
  count.answer === answer
    ? 1
    : {
        score: 0,
        feedback: `The answer ${count.answer} is wrong, it must be ${answer}. Only ${kind} count: ${counted.join(" + ")} = ${answer}. Things of another kind must be left out: ${others.join(", ")}.`
      }

/** The task with questions of a seed; the sets never share a question. */
export const make = Effect.fnUntraced(function* (sizes: Sizes, seed: number) {
  const questions = yield* generate(sizes.train + sizes.validation + sizes.test, seed)
  return Task.make({
    name: "object-counting",
    parameters,
    forward: (p, { question }: Inventory) =>
      Generate.object({
        system: p.instructions,
        prompt: Variable.constant(question, "question"),
        schema: Count,
        name: "count",
        role: "count with its reasoning"
      }),
    metric,
    train: questions.slice(0, sizes.train),
    validation: questions.slice(sizes.train, sizes.train + sizes.validation),
    test: questions.slice(sizes.train + sizes.validation)
  })
})
