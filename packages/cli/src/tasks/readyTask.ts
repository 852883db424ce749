/** A task that comes with Backprose, at the sizes a command asks for. */
import { type PromptTask, ReadyTasks, type Sizes, type Unreadable } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { OptionInvalid } from "../exit/errors.ts"
import type { AnyTask, DataOptions, LoadedTask } from "./LoadedTask.ts"

const refuse = (message: string) => Effect.fail(new OptionInvalid({ message }))

const notTextGrads = (flag: string, { name }: PromptTask) => {
  const theirs = ReadyTasks.prompts.filter(({ isTextGrads }) => isTextGrads).map(({ name }) => name)
  return refuse(`${flag}: TextGrad has no task "${name}"; it has ${theirs.join(", ")}`)
}

const sizesOf = (ready: PromptTask, { limit, sizes }: DataOptions): Effect.Effect<Sizes, OptionInvalid> => {
  if (sizes !== undefined && limit !== undefined) {
    return refuse("--sizes says how many test examples there are: leave out --limit")
  }
  if (sizes === "paper") {
    return ready.paperSizes === undefined ? notTextGrads("--sizes paper", ready) : Effect.succeed(ready.paperSizes)
  }
  if (sizes !== undefined) return Effect.succeed(sizes)
  const own = ready.defaults.sizes
  const most = limit ?? Number.POSITIVE_INFINITY
  return Effect.succeed({
    train: Math.min(own.train, most),
    validation: Math.min(own.validation, most),
    test: limit ?? own.test
  })
}

export const make = Effect.fnUntraced(function* (
  ready: PromptTask,
  options: DataOptions
): Effect.fn.Return<LoadedTask, OptionInvalid | Unreadable, FileSystem.FileSystem> {
  if (options.scoring === "textgrad" && ready.isTextGrads !== true) {
    return yield* notTextGrads("--scoring textgrad", ready)
  }
  const task = yield* ready.make(yield* sizesOf(ready, options), options)
  const { steps, batchSize } = ready.defaults
  return { spec: ready.name, task: task as AnyTask, defaults: { steps, batchSize } }
})
