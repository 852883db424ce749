/**
 * What is optimised, as one value: parameters, the forward pass, how it is judged, and the data.
 */
import * as Effect from "effect/Effect"
import type * as Variable from "../graph/Variable.ts"
import * as Loss from "../loss/Loss.ts"
import * as Verdict from "../loss/Verdict.ts"
import type * as Parameters from "../parameter/Parameters.ts"

/** `E` and `R`: of forward, metric and loss. `RB`: what differentiating needs. */
export interface Task<P extends Parameters.Any, Example, Output, E = never, R = never, RB = never> {
  readonly name: string
  readonly parameters: P
  readonly forward: (parameters: P, example: Example) => Effect.Effect<Variable.Variable<Output, RB>, E, R>
  /** How good an output is, 0 to 1, where that can be computed. */
  readonly metric: (output: Output, example: Example) => Effect.Effect<Verdict.Verdict, E | Verdict.ScoreInvalid, R>
  /** The judgement that is differentiated. */
  readonly loss: (
    output: Variable.Variable<Output, RB>,
    example: Example
  ) => Effect.Effect<Variable.Variable<unknown, RB>, E | Verdict.ScoreInvalid, R>
  readonly train: ReadonlyArray<Example>
  readonly validation: ReadonlyArray<Example>
  readonly test: ReadonlyArray<Example>
}

/** Any task, for functions that work with all of them. */
export type Any = Task<any, any, any, any, any, any>

export interface Options<P extends Parameters.Any, Example, Output, E, R, RB, EM, RM, EL, RL, RBL> {
  readonly name: string
  readonly parameters: P
  readonly forward: (parameters: P, example: Example) => Effect.Effect<Variable.Variable<Output, RB>, E, R>
  readonly metric: (output: Output, example: Example) => Verdict.Scored | Effect.Effect<Verdict.Scored, EM, RM>
  /** By default the metric: its feedback, or its bare score where it gives none. */
  readonly loss?: (
    output: Variable.Variable<Output, RB>,
    example: Example
  ) => Effect.Effect<Variable.Variable<unknown, RBL>, EL, RL>
  readonly train: ReadonlyArray<Example>
  readonly validation?: ReadonlyArray<Example>
  readonly test?: ReadonlyArray<Example>
}

/**
 * A task. Give it a metric, whose feedback says what is wrong; or a metric for the score and a loss for the words.
 *
 * **Example**
 *
 * ```ts
 * import { Generate, Parameter, Parameters, Task, Variable } from "@backprose/core"
 *
 * const task = Task.make({
 *   name: "sums",
 *   parameters: Parameters.make({
 *     instructions: Parameter.text("Answer the question.", { role: "system prompt of the solver" })
 *   }),
 *   forward: (p, example: { question: string; answer: string }) =>
 *     Generate.text({
 *       system: p.instructions,
 *       prompt: Variable.constant(example.question, "question"),
 *       role: "answer"
 *     }),
 *   metric: (answer, example) =>
 *     answer === example.answer ? 1 : { score: 0, feedback: `The answer must be exactly ${example.answer}.` },
 *   train: [{ question: "2 + 2?", answer: "4" }]
 * })
 * ```
 */
export const make = <
  P extends Parameters.Any,
  Example,
  Output,
  E = never,
  R = never,
  RB = never,
  EM = never,
  RM = never,
  EL = never,
  RL = never,
  RBL = never
>(
  options: Options<P, Example, Output, E, R, RB, EM, RM, EL, RL, RBL>
): Task<P, Example, Output, E | EM | EL, R | RM | RL, RB | RBL> => {
  const check = (output: Output, example: Example): Effect.Effect<Verdict.Scored, EM | Verdict.ScoreInvalid, RM> =>
    Effect.flatMap(
      Effect.try({
        try: () => options.metric(output, example),
        catch: (cause) => new Verdict.ScoreInvalid({ message: `the metric of "${options.name}" failed: ${cause}` })
      }),
      (scored) => (Effect.isEffect(scored) ? scored : Effect.succeed(scored))
    )
  return {
    name: options.name,
    parameters: options.parameters,
    forward: options.forward,
    metric: (output, example) => Effect.flatMap(check(output, example), Verdict.from),
    loss: (output, example) =>
      options.loss === undefined
        ? Loss.verifier((value: Output) => check(value, example))(output)
        : options.loss(output as Variable.Variable<Output, RB>, example),
    train: options.train,
    validation: options.validation ?? [],
    test: options.test ?? []
  }
}
