/** What a user can import says what it is: every export of a file that a package's index leads to has a docstring. */
import { posix } from "node:path"
import { parseSync } from "rolldown/utils"
import { exportsOf } from "../exports.ts"
import { packageSources, read } from "../files.ts"
import type { Step } from "../Step.ts"

/** The options of what the module makes: its fields say the rest. */
const selfEvident = "Options"

interface Reach {
  readonly path: string
  /** The names that are re-exported, or all of them. */
  readonly names: ReadonlySet<string> | "all"
}

/** The files that an index re-exports from, and which names. */
export const reached = (path: string, text: string): ReadonlyArray<Reach> =>
  parseSync(path, text).module.staticExports.flatMap(({ entries }) => {
    const from = entries[0]?.moduleRequest?.value
    if (from === undefined || !from.startsWith(".")) return []
    const names = entries.flatMap(({ importName }) => (importName.kind === "Name" ? (importName.name ?? []) : []))
    return [{ path: posix.join(posix.dirname(path), from), names: names.length === 0 ? "all" : new Set(names) }]
  })

export const docstrings: Step = {
  name: "docstrings",
  about: "every public export says what it is",
  always: true,
  run: async (root) => {
    const files = packageSources(root)
    const reach = files
      .filter((path) => /^packages\/[^/]+\/src\/index\.ts$/.test(path))
      .flatMap((path) => reached(path, read(root, path)))
      .filter(({ path }) => files.includes(path))
    const exported = reach.flatMap(({ path, names }) =>
      exportsOf(path, read(root, path))
        .filter(({ name }) => names === "all" || names.has(name))
        .map((one) => ({ ...one, path }))
    )
    const bare = Map.groupBy(
      exported.filter(({ name, documented }) => !documented && name !== selfEvident),
      ({ path }) => path
    )
    return {
      findings: [...bare].map(([file, all]) => ({
        file,
        message: `no docstring: ${all.map(({ name }) => name).join(", ")}`
      })),
      note: `${exported.length} public exports`
    }
  }
}
