/** Where runs and studies are found under the current folder. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"

/** The folder of that path, else the one of that name under `parent`; `undefined` where neither is there. */
export const folderNamed = Effect.fnUntraced(function* (name: string, parent: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const named = path.basename(name) === name && name !== ".." ? [path.join(parent, name)] : []
  for (const folder of [name, ...named]) {
    if (yield* Effect.orElseSucceed(fs.exists(folder), () => false)) return folder
  }
  return undefined
})

/** The folders under `parent` in the order of their names, no links among them. */
export const foldersIn = Effect.fnUntraced(function* (parent: string) {
  const fs = yield* FileSystem.FileSystem
  const entries = yield* Effect.orElseSucceed(fs.readDirectoryEntries(parent), () => [])
  return entries.flatMap(({ name, type }) => (type === "Directory" ? [`${parent}/${name}`] : [])).toSorted()
})
