/**
 * A task from a module of the user's: its default export is a `Task`, or an Effect that makes one (of files, for example).
 */
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { TaskUnreadable } from "../exit/errors.ts"
import { type AnyTask, type DataOptions, type LoadedTask, limited } from "./LoadedTask.ts"

const functions = ["forward", "metric", "loss"] as const
const sets = ["train", "validation", "test"] as const

/** What keeps a value from being a task; `undefined` where it is one. */
const flaw = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return "it has no default export that is a Task"
  const fields = value as Readonly<Record<string, unknown>>
  if (typeof fields["name"] !== "string") return "the default export is no Task: it has no name"
  if (typeof fields["parameters"] !== "object" || fields["parameters"] === null) {
    return "the default export is no Task: it has no parameters"
  }
  const missing =
    functions.find((name) => typeof fields[name] !== "function") ?? sets.find((name) => !Array.isArray(fields[name]))
  return missing === undefined
    ? undefined
    : `the default export is no Task: its "${missing}" is missing (make it with Task.make)`
}

// a module outside of any project finds our packages, and Effect, where this command found them
const lendPackages: Effect.Effect<void> = Effect.sync(() => {
  registerHooks({
    resolve: (specifier, context, next) => {
      if (!/^(@backprose\/|effect(\/|$))/.test(specifier)) return next(specifier, context)
      // biome-ignore lint/plugin: a resolve hook answers by exception
      try {
        return next(specifier, context)
      } catch {
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    }
  })
})

const firstLine = (cause: unknown): string =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)

/** Imports the module at `path`. */
export const load = Effect.fnUntraced(function* (
  spec: string,
  path: string,
  options: DataOptions
): Effect.fn.Return<LoadedTask, unknown, FileSystem.FileSystem | Path.Path> {
  const unreadable = (why: string) => new TaskUnreadable({ message: `${spec}: ${why}` })
  yield* lendPackages
  const module = yield* Effect.tryPromise({
    try: () => import(pathToFileURL(path).href) as Promise<{ readonly default?: unknown }>,
    catch: (cause) => unreadable(`cannot be loaded: ${firstLine(cause)}`)
  })
  const exported: unknown = Effect.isEffect(module.default)
    ? yield* module.default as Effect.Effect<unknown, unknown, FileSystem.FileSystem | Path.Path>
    : module.default
  const why = flaw(exported)
  if (why !== undefined) return yield* unreadable(why)
  return {
    spec,
    task: limited(exported as AnyTask, options.limit),
    defaults: { steps: undefined, batchSize: undefined }
  }
})
