/** A task that comes with Backprose, at the sizes a command asks for. */
import { type PromptTask, ReadyTasks, type Unreadable } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { OptionInvalid } from "../exit/errors.ts"
import type { AnyTask, DataOptions, LoadedTask } from "./LoadedTask.ts"

export const make = (
  ready: PromptTask,
  { limit, ...options }: DataOptions
): Effect.Effect<LoadedTask, OptionInvalid | Unreadable, FileSystem.FileSystem> => {
  if (options.scoring === "textgrad" && ready.isTextGrads !== true) {
    const theirs = ReadyTasks.prompts.filter(({ isTextGrads }) => isTextGrads).map(({ name }) => name)
    return Effect.fail(
      new OptionInvalid({
        message: `--scoring textgrad: TextGrad has no task "${ready.name}"; it has ${theirs.join(", ")}`
      })
    )
  }
  const { sizes, steps, batchSize } = ready.defaults
  const most = limit ?? Number.POSITIVE_INFINITY
  const wanted = {
    train: Math.min(sizes.train, most),
    validation: Math.min(sizes.validation, most),
    test: limit ?? sizes.test
  }
  return Effect.map(ready.make(wanted, options), (task) => ({
    spec: ready.name,
    task: task as AnyTask,
    defaults: { steps, batchSize }
  }))
}
