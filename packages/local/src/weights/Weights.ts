/**
 * The file of a model, wherever it is: a user's own, the cache's, or fetched into the cache.
 */

import { existsSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as CacheFolder from "./CacheFolder.ts"
import * as ModelCatalogue from "./ModelCatalogue.ts"
import * as WeightsUnavailable from "./WeightsUnavailable.ts"

export interface Options {
  /** The folder of fetched models, in place of the user's cache folder. */
  readonly cache?: string | undefined
  /** A model file of one's own: then nothing is fetched. */
  readonly path?: string | undefined
}

/** The path of a whole, verified model file. */
export const ensure = Effect.fnUntraced(function* (
  name: string = ModelCatalogue.defaultName,
  options: Options = {}
): Effect.fn.Return<string, WeightsUnavailable.WeightsUnavailable> {
  const path = options.path
  if (path !== undefined) return path
  const entry = ModelCatalogue.find(name)
  if (entry === undefined) return yield* WeightsUnavailable.make(name, ["no model of this name is known"])
  const file = join(options.cache ?? (yield* CacheFolder.models), entry.file)
  if (existsSync(file)) return file
  return yield* WeightsUnavailable.make(name, [`${file} does not exist`])
})
