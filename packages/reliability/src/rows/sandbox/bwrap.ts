/** Commands in place of bwrap, in a folder that everybody can look into. */
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(async () => {
    const path = await mkdtemp(join(tmpdir(), "backprose-jail-"))
    await chmod(path, 0o755)
    return path
  }),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** A script that goes by its name. */
export const script = (dir: string, name: string, text: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const path = join(dir, name)
    await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    return path
  })

/** The real one under another name, if it is here. */
export const copy = (dir: string): Effect.Effect<string | undefined> =>
  Effect.promise(async () => {
    const path = join(dir, "bwrap")
    for (const from of (process.env["PATH"] ?? "").split(delimiter)) {
      const copied = await copyFile(join(from, "bwrap"), path).then(
        () => true,
        () => false
      )
      if (copied) return path
    }
    return undefined
  })

/** How many processes go by that name: as long as anything is in a jail, its bwrap is there. */
export const left = (bwrap: string): Effect.Effect<number> =>
  Effect.promise(async () => {
    const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
    const lines = await Promise.all(numbers.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")))
    return lines.filter((line) => line.startsWith(`${bwrap}\0`)).length
  })
