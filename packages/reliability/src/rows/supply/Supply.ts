import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Lockfile from "./Lockfile.ts"

const most = 15

const read = Effect.promise(async (): Promise<Lockfile.Lockfile> => {
  const path = fileURLToPath(new URL("../../package-lock.json", import.meta.resolve("@backprose/cli/package.json")))
  return JSON.parse(await readFile(path, "utf8")).packages
})

const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)

/** What comes with an installation, and whether it is what it was when we looked at it. */
export const supply: Row = {
  id: "U1",
  title: "packages are few, locked by hash, from a registry, and run nothing on installation",
  wanted: `100 % hashed, 0 of git or URL, 0 scripts, at most ${most} packages`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const lockfile = yield* read
    const trees = ["core", "openai", "cli"].map((name) => ({
      name,
      packages: Lockfile.treeOf(lockfile, `packages/${name}`)
    }))
    const unhashed = Lockfile.unhashed(lockfile)
    const unversioned = Lockfile.unversioned(lockfile)
    const running = trees.flatMap(({ packages }) =>
      packages.filter((path) => lockfile[path]?.hasInstallScript === true)
    )
    const unlocked = trees.flatMap(({ packages }) => packages.filter((path) => lockfile[path] === undefined))
    const entries = Lockfile.foreign(lockfile)
    const counts = trees.map(({ name, packages }) => `${name} ${packages.length}`).join(", ")
    return {
      figure: `${entries - unhashed.length}/${entries} hashed, ${unversioned.length} of git or URL, ${running.length} scripts; ${counts}`,
      held:
        entries > 0 &&
        unhashed.length + unversioned.length + running.length + unlocked.length === 0 &&
        trees.every(({ packages }) => packages.length > 0 && packages.length <= most),
      details: [
        ...[...unhashed, ...unversioned, ...running, ...unlocked],
        ...trees.map(({ name, packages }) => `${name}: ${packages.map(nameOf).join(" ")}`)
      ]
    }
  })
}
