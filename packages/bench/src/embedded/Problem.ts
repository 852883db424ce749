/**
 * What optimizers are compared on with a real, small model: two ready tasks, at sizes that a night is not needed for.
 */
import {
  type BackwardModel,
  type Bootstrap,
  Combine,
  Demonstrations,
  Parameter,
  Parameters,
  Task,
  type TextModel,
  Variable
} from "@backprose/core"
import * as Counting from "@backprose/tasks/counting/Counting"
import type { Inventory } from "@backprose/tasks/counting/Inventories"
import type { Ticket } from "@backprose/tasks/triage/Tickets"
import * as Triage from "@backprose/tasks/triage/Triage"
import * as Effect from "effect/Effect"

export type Pipeline = Task.Task<any, any, any, any, TextModel, BackwardModel>

export interface Problem {
  readonly name: string
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number }
  readonly steps: number
  readonly batchSize: number
  readonly task: (seed: number) => Effect.Effect<Pipeline>
  /** What a vote counts as the same answer. */
  readonly answer: (output: any) => string
  /** A training example as it would be shown: what a person who knows the answer would write. */
  readonly labelled: (example: any) => { readonly input: string; readonly output: string }
}

const triage: Problem = {
  name: "triage",
  sizes: { train: 24, validation: 12, test: 24 },
  steps: 3,
  batchSize: 6,
  task: (seed) => Triage.make(triage.sizes, seed),
  answer: ({ label }: { readonly label: string }) => label.trim(),
  labelled: ({ code, ticket }: Ticket) => ({ input: ticket, output: JSON.stringify({ label: code }) })
}

const counting: Problem = {
  name: "object-counting",
  sizes: { train: 12, validation: 4, test: 6 },
  steps: 2,
  batchSize: 3,
  task: (seed) => Counting.make(counting.sizes, seed),
  answer: ({ answer }: { readonly answer: number }) => `${answer}`,
  labelled: ({ answer, counted, question }: Inventory) => ({
    input: question,
    output: JSON.stringify({ reasoning: `${counted.join(" + ")} = ${answer}`, answer })
  })
}

export const problems: ReadonlyArray<Problem> = [triage, counting]

/** The same task, whose instructions stay and whose examples are the parameter. */
export const withDemonstrations = (task: Pipeline): Pipeline => {
  const { role, value } = task.parameters.instructions as Variable.Variable<string>
  return Task.make({
    ...task,
    parameters: Parameters.make({ examples: Parameter.demonstrations({ role: "examples shown to the model" }) }),
    forward: (p: { readonly examples: Variable.Variable<Demonstrations.Demonstrations> }, example: unknown) =>
      task.forward(
        { instructions: Combine.concat([Variable.constant(value, role), Demonstrations.render(p.examples)], { role }) },
        example
      )
  })
}

/** All training examples with their answers, for an optimizer that draws from them. */
export const lessons = ({ labelled }: Problem, task: Pipeline): Bootstrap.Options["lessons"] =>
  task.train.map((example, i) => ({ parameter: "examples", example: i, score: 1, ...labelled(example) }))
