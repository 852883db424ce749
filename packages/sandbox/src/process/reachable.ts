/**
 * A program of ours that somebody else is to start. As root we let nobody run what models wrote, and nobody may not enter a
 * folder that is root's alone: `/root`, or one that `mktemp -d` made. Then the program has another name, in a folder that all
 * may enter.
 */
import { chmodSync, copyFileSync, linkSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

const [enter, readAndRun] = [0o001, 0o005]

const allows = (path: string, bits: number): boolean => (statSync(path).mode & bits) === bits

/** Whether everybody may start it: the file, and every folder on the way. */
const isReachable = (file: string): boolean => {
  const real = realpathSync(file)
  if (!allows(real, readAndRun)) return false
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if (!allows(folder, enter)) return false
    if (folder === dirname(folder)) return true
  }
}

/** A path under which everybody can start the program, for as long as the scope is open; the same one where it is that already. */
export const reachable = (file: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.suspend(() =>
    isReachable(file)
      ? Effect.succeed(file)
      : Effect.map(
          Effect.acquireRelease(
            Effect.sync(() => mkdtempSync(join(tmpdir(), "backprose-program-"))),
            (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
          ),
          (folder) => {
            const other = join(folder, basename(file))
            const real = realpathSync(file)
            // on another disk there is no second name for it
            try {
              linkSync(real, other)
            } catch {
              copyFileSync(real, other)
              chmodSync(other, 0o755)
            }
            chmodSync(folder, 0o755)
            return other
          }
        )
  )
