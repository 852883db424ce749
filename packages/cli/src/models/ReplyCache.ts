/**
 * Where replies are kept for later runs: one folder a user, outside of every repository.
 */
import { homedir } from "node:os"
import { join } from "node:path"
import { Cache } from "@backprose/core"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

const variable = (name: string) =>
  Effect.map(Effect.orDie(Config.option(Config.NonEmptyString(name))), Option.getOrUndefined)

/** `replies` inside `BACKPROSE_CACHE`, else inside `XDG_CACHE_HOME/backprose`, else inside `~/.cache/backprose`. */
export const path: Effect.Effect<string> = Effect.gen(function* () {
  const own = yield* variable("BACKPROSE_CACHE")
  const user = yield* variable("XDG_CACHE_HOME")
  return join(own ?? join(user ?? join(homedir(), ".cache"), "backprose"), "replies")
})

/** The cache of a command that was given `--cache`; none for one that was not. */
export const layer = (wanted: boolean): Layer.Layer<never, never, FileSystem> =>
  wanted ? Layer.unwrap(Effect.map(path, (folder) => Cache.layerFolder(folder))) : Layer.empty

/** How many replies were had for nothing so far. */
export const had: Effect.Effect<number> = Effect.flatMap(Cache.Cache, ({ counts }) =>
  Effect.map(counts, ({ hits, shared }) => hits + shared)
)
