/** The files of the repository, without what is generated or installed. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const skipped = new Set(["node_modules", "dist", ".cache", ".git", ".backprose", "coverage"])

/** Paths relative to the root, sorted, with `/` between their parts. */
export const walk = (root: string, folder = ""): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !/\.(gguf|log|tsbuildinfo)$/.test(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? walk(root, path) : entry.isFile() ? [path] : []
    })

/** Names of the folders in packages/. */
export const packageNames = (root: string): ReadonlyArray<string> =>
  existsSync(join(root, "packages"))
    ? readdirSync(join(root, "packages"), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(root, "packages", entry.name, "package.json")))
        .map((entry) => entry.name)
    : []

export const read = (root: string, path: string): string => readFileSync(join(root, path), "utf8")

export const readJson = (root: string, path: string): Record<string, unknown> => JSON.parse(read(root, path))

/** TypeScript sources of the packages, tests included. */
export const packageSources = (root: string): ReadonlyArray<string> =>
  walk(root).filter((path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path))

export const isTest = (path: string): boolean => path.endsWith(".test.ts")

/** `core` of `packages/core/src/graph/Graph.ts`. */
export const packageOf = (path: string): string => path.split("/")[1] ?? ""

/** The line, from 1, that an offset into a text falls on. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length
