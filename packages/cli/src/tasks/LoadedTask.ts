/**
 * A task as a command works with it, wherever it came from.
 */
import type { BackwardModel, ModelRoles, Parameters, Task } from "@backprose/core"
import type { CodeRunner } from "@backprose/sandbox"
import type * as sizes from "./sizes.ts"

/** Any task that asks models, runs programs in a jail, and nothing else. */
export type AnyTask = Task.Task<Parameters.Any, unknown, unknown, unknown, ModelRoles | CodeRunner, BackwardModel>

export interface LoadedTask {
  /** As the user named it. */
  readonly spec: string
  readonly task: AnyTask
  /** What a run takes where the command line does not say; `undefined` is the trainer's own default. */
  readonly defaults: { readonly steps: number | undefined; readonly batchSize: number | undefined }
}

/** What a command says about the data of a task. */
export interface DataOptions {
  /**
   * Examples in the test set; training and validation sets are cut to it where they are larger. `undefined`: the task's
   * own sizes.
   */
  readonly limit: number | undefined
  /** Of all three sets of a ready task, in place of `limit`. */
  readonly sizes?: sizes.Asked | undefined
  readonly seed: number
  /** Where a ready task's examples are read from, in place of its own source. */
  readonly data?: string | undefined
  readonly order?: "sound" | "textgrad" | undefined
  readonly scoring?: "exact" | "textgrad" | undefined
}

/** A task whose parameters are others at first than its own. */
export const startingFrom = (loaded: LoadedTask, parameters: Parameters.Any): LoadedTask => ({
  ...loaded,
  task: { ...loaded.task, parameters }
})

/** A task with its sets cut to a limit. */
export const limited = (task: AnyTask, limit: number | undefined): AnyTask =>
  limit === undefined
    ? task
    : {
        ...task,
        train: task.train.slice(0, limit),
        validation: task.validation.slice(0, limit),
        test: task.test.slice(0, limit)
      }
