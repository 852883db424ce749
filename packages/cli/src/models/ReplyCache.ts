/**
 * Where replies are kept for later runs: one folder a user, outside of every repository.
 */
import { createHash } from "node:crypto"
import { homedir } from "node:os"
import { join } from "node:path"
import { Cache, type TextModelService } from "@backprose/core"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { FileSystem } from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Choice from "./Choice.ts"
import type { ModelName } from "./ModelName.ts"

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

/**
 * A model under a name that the cache can trust. A file of the user's own goes by its file name, and another day there may
 * be other weights in it, or other weights under that name elsewhere: its path, size and time tell them apart.
 */
export const told = Effect.fnUntraced(function* (
  { provider }: ModelName,
  model: TextModelService
): Effect.fn.Return<TextModelService, never, FileSystem> {
  const own = provider === "local" ? yield* Choice.ownFile : undefined
  if (own === undefined || model.identity === undefined) return model
  const fs = yield* FileSystem
  const weights = yield* Effect.option(Effect.all([fs.realPath(own), fs.stat(own)]))
  // nothing is known of it: what it says is kept in memory alone
  if (Option.isNone(weights)) return { ...model, identity: undefined }
  const [path, { mtime, size }] = weights.value
  const file = [path, `${size}`, Option.getOrUndefined(mtime)?.getTime() ?? null]
  const settings = createHash("sha256")
    .update(JSON.stringify([model.identity.settings ?? null, file]))
    .digest("hex")
  return { ...model, identity: { ...model.identity, settings } }
})

/** How many replies were had for nothing so far. */
export const had: Effect.Effect<number> = Effect.flatMap(Cache.Cache, ({ counts }) =>
  Effect.map(counts, ({ hits, shared }) => hits + shared)
)
