/** A minibatch, forward. */
import * as Effect from "effect/Effect"
import * as Batch from "../evaluation/Batch.ts"
import type * as Variable from "../graph/Variable.ts"
import type { Evidence } from "../optimizer/Optimizer.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Example from "../task/Example.ts"
import type { Task } from "../task/Task.ts"
import type { Options } from "./Options.ts"

/** What a minibatch showed: results in its order, and the graphs of the examples that ran. */
export interface Forward<RB> {
  readonly results: ReadonlyArray<Example.Result>
  readonly losses: ReadonlyArray<Variable.Variable<unknown, RB>>
  readonly evidence: ReadonlyArray<Evidence>
}

/** Failed examples are reported and left out; where all fail, so does the step. */
export const forward = Effect.fnUntraced(function* <P extends Parameters.Any, Ex, Output, E, R, RB>(
  task: Task<P, Ex, Output, E, R, RB>,
  parameters: P,
  examples: ReadonlyArray<number>,
  { concurrency, onFailure }: Pick<Options, "concurrency" | "onFailure">,
  onResult: (result: Example.Result) => Effect.Effect<void>
) {
  const outcomes = yield* Batch.run({
    places: examples,
    one: (place) => Example.differentiable(task, parameters, task.train[place]!, place),
    concurrency,
    onFailure,
    onResult
  })
  const error = outcomes.find((outcome) => outcome.error !== undefined)?.error
  const losses = outcomes.flatMap(({ loss }) => (loss === undefined ? [] : [loss]))
  if (losses.length === 0 && error !== undefined) return yield* Effect.fail(error)
  const evidence = outcomes.flatMap(({ loss, result }): ReadonlyArray<Evidence> => {
    if (loss === undefined || result._tag !== "Scored") return []
    const { feedback, index, output, score } = result
    return [{ example: index, loss, output, score, feedback }]
  })
  const batch: Forward<RB> = { results: outcomes.map(({ result }) => result), losses, evidence }
  return batch
})
