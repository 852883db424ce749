import { spawnSync } from "node:child_process"
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { nobody } from "../bubblewrap/jail.ts"
import { reachable } from "./reachable.ts"

const somebodyElse = process.getuid?.() === 0 ? { uid: nobody, gid: nobody, cwd: "/" } : {}

/** A program in a folder that only we may enter. */
const hidden = Effect.acquireRelease(
  Effect.sync(() => {
    const root = mkdtempSync(join(tmpdir(), "backprose-hidden-"))
    mkdirSync(join(root, "bin"))
    copyFileSync("/bin/echo", join(root, "bin", "echo"))
    chmodSync(join(root, "bin", "echo"), 0o755)
    return root
  }),
  (root) => Effect.sync(() => rmSync(root, { recursive: true, force: true }))
)

describe.skipIf(process.platform === "win32")("a program that somebody else is to start", () => {
  it.effect("has a name under which everybody can, for as long as it is needed", () =>
    Effect.gen(function* () {
      const file = join(yield* hidden, "bin", "echo")
      const used = yield* Effect.scoped(
        Effect.map(reachable(file), (path) => {
          assert.notStrictEqual(path, file)
          const { stdout } = spawnSync(path, ["hello"], { encoding: "utf8", ...somebodyElse })
          assert.strictEqual(stdout, "hello\n")
          return path
        })
      )
      assert.isFalse(existsSync(used))
      assert.isTrue(existsSync(file))
    })
  )

  it.effect("keeps its own where everybody can already", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* reachable("/bin/echo"), "/bin/echo")
    })
  )
})
