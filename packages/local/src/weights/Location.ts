/**
 * Where models are: a file of the user's own, or the folder of fetched ones, one a user and outside of every repository.
 */

import { homedir } from "node:os"
import { join } from "node:path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const variable = (name: string) =>
  Effect.map(Effect.orDie(Config.option(Config.NonEmptyString(name))), Option.getOrUndefined)

/** `BACKPROSE_MODEL_PATH`: any GGUF file, used in place of a model of the catalogue. */
export const ownPath: Effect.Effect<string | undefined> = variable("BACKPROSE_MODEL_PATH")

/** `models` inside `BACKPROSE_CACHE`, else inside `XDG_CACHE_HOME/backprose`, else inside `~/.cache/backprose`. */
export const cacheFolder: Effect.Effect<string> = Effect.gen(function* () {
  const own = yield* variable("BACKPROSE_CACHE")
  const user = yield* variable("XDG_CACHE_HOME")
  return join(own ?? join(user ?? join(homedir(), ".cache"), "backprose"), "models")
})
