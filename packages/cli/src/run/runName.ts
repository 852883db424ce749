/** What a run is called: when it began (UTC), and its task. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { runsFolder } from "./RunFolder.ts"

/** No file system takes names of any length. */
const longest = 80

const slug = (task: string): string =>
  (task.split(/[\\/]/).at(-1) ?? task)
    .replace(/\.\w+$/, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, longest)
    .replace(/^-+|-+$/g, "")
    .toLowerCase() || "task"

/** A name that no run under the current folder has yet. `began`: milliseconds since 1970, now where nothing is said. */
export const make = Effect.fnUntraced(function* (task: string, began?: number) {
  const fs = yield* FileSystem.FileSystem
  const at = new Date(began ?? (yield* Clock.currentTimeMillis)).toISOString().slice(0, 19).replaceAll(":", "-")
  const name = `${at}-${slug(task)}`
  for (let n = 1; ; n++) {
    const one = n === 1 ? name : `${name}-${n}`
    const taken = yield* Effect.orElseSucceed(fs.exists(`${runsFolder}/${one}`), () => false)
    if (!taken) return one
  }
})
