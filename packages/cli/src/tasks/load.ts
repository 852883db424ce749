/**
 * A task by what the user calls it: the name of a ready one, a module, or a YAML file.
 */
import { ReadyTasks } from "@backprose/tasks"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { OptionInvalid, TaskUnreadable } from "../exit/errors.ts"
import { fileProblem } from "../exit/fileProblem.ts"
import { invocation } from "../report/invocation.ts"
import type { DataOptions, LoadedTask } from "./LoadedTask.ts"
import * as moduleTask from "./moduleTask.ts"
import * as readyTask from "./readyTask.ts"

const modules = /\.(ts|mts|js|mjs)$/
const yamls = /\.ya?ml$/

/** Whether a task is a module by its name: loading it runs its code. */
export const isModule = (spec: string): boolean => modules.test(spec)

/** Whether a task is a file, and not the name of a ready one. */
export const isFile = (spec: string): boolean => modules.test(spec) || yamls.test(spec)

export const load = Effect.fnUntraced(function* (
  spec: string,
  options: DataOptions
): Effect.fn.Return<LoadedTask, unknown, FileSystem.FileSystem | Path.Path> {
  const ready = ReadyTasks.prompt(spec)
  if (ready !== undefined) return yield* readyTask.make(ready, options)
  if (ReadyTasks.solution(spec) !== undefined) {
    return yield* new TaskUnreadable({
      message: `"${spec}" has no prompts to train: its answers are improved one by one, by ${invocation()} solve ${spec}`
    })
  }
  if (!isFile(spec)) {
    const names = ReadyTasks.prompts.map(({ name }) => name).join(", ")
    return yield* new TaskUnreadable({
      message: `there is no task "${spec}": give a ready task (${names}), a .ts or .js module, or a .yaml file`
    })
  }
  if (options.data !== undefined) {
    return yield* new OptionInvalid({ message: `--data is for ready tasks: ${spec} says itself where its data is` })
  }
  if (options.sizes !== undefined) {
    return yield* new OptionInvalid({
      message: `--sizes is for ready tasks: ${spec} says itself which examples it has`
    })
  }
  if (options.scoring === "textgrad") {
    return yield* new OptionInvalid({
      message: `--scoring textgrad is for ready tasks: ${spec} says itself how it scores`
    })
  }
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).resolve(spec)
  const info = yield* Effect.mapError(
    fs.stat(path),
    (error) => new TaskUnreadable({ message: `${spec}: ${fileProblem(error)}` })
  )
  if (info.type !== "File") return yield* new TaskUnreadable({ message: `${spec}: is no file` })
  if (!yamls.test(spec)) return yield* moduleTask.load(spec, path, options)
  // the YAML parser is loaded only for those who need it
  const yamlTask = yield* Effect.promise(() => import("./yamlTask.ts"))
  return yield* yamlTask.load(spec, path, options)
})
