/**
 * Where fetched models are kept: one folder a user, outside of every repository.
 */

import { homedir } from "node:os"
import { join } from "node:path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const fromEnvironment = Config.all({
  own: Config.option(Config.NonEmptyString("BACKPROSE_CACHE")),
  user: Config.option(Config.NonEmptyString("XDG_CACHE_HOME"))
})

/** `BACKPROSE_CACHE`, else `XDG_CACHE_HOME/backprose`, else `~/.cache/backprose`; models are in `models` below it. */
export const models: Effect.Effect<string> = Effect.gen(function* () {
  const { own, user } = yield* Effect.orDie(fromEnvironment)
  const folder = Option.getOrElse(own, () =>
    join(
      Option.getOrElse(user, () => join(homedir(), ".cache")),
      "backprose"
    )
  )
  return join(folder, "models")
})
