/**
 * A task that comes with Backprose: data from a seeded generator of our own, a pipeline and a metric.
 */
import type { BackwardModel, Task, TextModel, TextModelError as TextModelErrors } from "@backprose/core"
import type * as Effect from "effect/Effect"

/** A task that asks a model, whatever its parameters, examples and outputs are. */
export type AnyTask = Task.Task<any, any, any, TextModelErrors.TextModelError, TextModel, BackwardModel>

/** How many examples each set has. */
export interface Sizes {
  readonly train: number
  readonly validation: number
  readonly test: number
}

export interface ReadyTask {
  readonly name: string
  /** One line: what the model has to do. */
  readonly summary: string
  /** Where the examples come from. */
  readonly data: string
  readonly metric: string
  /** What a run takes by default: chosen so that the embedded model is done within ten minutes on two cores. */
  readonly defaults: { readonly sizes: Sizes; readonly steps: number; readonly batchSize: number }
  /** The task with examples of a seed; the sets never share an example. */
  readonly make: (sizes: Sizes, seed: number) => Effect.Effect<AnyTask>
}
