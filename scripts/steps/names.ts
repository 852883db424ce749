/** A name says what is inside. */
import { basename } from "node:path"
import { emptyNames, emptySuffixes, topLevel } from "../architecture.ts"
import { packageSources, walk } from "../files.ts"
import type { Finding, Step } from "../Step.ts"

/** `Graph` of `Graph.real.test.ts`. */
const stem = (part: string): string => part.split(".")[0] ?? part

const isEmpty = (part: string): boolean =>
  emptyNames.includes(stem(part).toLowerCase()) ||
  emptySuffixes.some((suffix) => new RegExp(`[a-z]${suffix}$`).test(stem(part)))

const ofPath = (path: string): ReadonlyArray<Finding> =>
  path
    .split("/")
    .filter(isEmpty)
    .map((part) => ({ file: path, message: `"${stem(part)}" does not say what is inside: name the concept` }))

const ofSource = (path: string): ReadonlyArray<Finding> =>
  /^[A-Za-z][A-Za-z0-9]*$/.test(stem(basename(path)))
    ? []
    : [{ file: path, message: "a source file is named in camelCase or PascalCase, as what it exports" }]

const atTop = (paths: ReadonlyArray<string>): ReadonlyArray<Finding> =>
  [...new Set(paths.map((path) => path.split("/")[0] ?? path))]
    .filter((entry) => !topLevel.test(entry))
    .map((file) => ({ file, message: "does not belong at the top of the repository (scripts/architecture.ts)" }))

export const names: Step = {
  name: "names",
  about: "files and folders are called after a concept",
  always: true,
  run: async (root) => {
    const all = walk(root)
    const paths = all.filter((path) => /\.(ts|js|mjs|md)$/.test(path))
    return {
      findings: [...atTop(all), ...paths.flatMap(ofPath), ...packageSources(root).flatMap(ofSource)],
      note: `${paths.length} files`
    }
  }
}
