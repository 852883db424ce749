/** A task that comes with Backprose, at the sizes a command asks for. */
import type { ReadyTask } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import type { AnyTask, DataOptions, LoadedTask } from "./LoadedTask.ts"

export const make = (ready: ReadyTask, { limit, seed }: DataOptions): Effect.Effect<LoadedTask> => {
  const { sizes, steps, batchSize } = ready.defaults
  const most = limit ?? Number.POSITIVE_INFINITY
  const wanted = {
    train: Math.min(sizes.train, most),
    validation: Math.min(sizes.validation, most),
    test: limit ?? sizes.test
  }
  return Effect.map(ready.make(wanted, seed), (task) => ({
    spec: ready.name,
    task: task as AnyTask,
    defaults: { steps, batchSize }
  }))
}
