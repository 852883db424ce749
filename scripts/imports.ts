/** Everything that a TypeScript source imports: values and types, static and dynamic, re-exports included. */
import { posix } from "node:path"
import { parseSync, Visitor } from "rolldown/utils"
import { lineAt, packageOf, packageSources, read } from "./files.ts"

export interface Import {
  readonly from: string
  /** As it is written. */
  readonly specifier: string
  readonly line: number
}

/** A dynamic import whose specifier is computed is not seen. */
export const importsOf = (path: string, text: string): ReadonlyArray<Import> => {
  const { module, program } = parseSync(path, text)
  const found: Array<readonly [specifier: string, offset: number]> = []
  for (const one of module.staticImports) found.push([one.moduleRequest.value, one.start])
  for (const one of module.staticExports) {
    for (const entry of one.entries) if (entry.moduleRequest) found.push([entry.moduleRequest.value, one.start])
  }
  for (const one of module.dynamicImports) {
    const literal = /^["'`](.*)["'`]$/.exec(text.slice(one.moduleRequest.start, one.moduleRequest.end))
    if (literal?.[1] !== undefined && !literal[1].includes("${")) found.push([literal[1], one.start])
  }
  new Visitor({
    TSImportType: (node) => void found.push([node.source.value, node.start]),
    // a program that is started, not loaded: import.meta.resolve("@backprose/cli/package.json")
    CallExpression: ({ arguments: [first], callee, start }) => {
      if (callee.type !== "MemberExpression" || callee.object.type !== "MetaProperty") return
      if (first?.type === "Literal" && typeof first.value === "string") found.push([first.value, start])
    }
  }).visit(program)
  const seen = new Set<string>()
  return found
    .toSorted((a, b) => a[1] - b[1])
    .filter(([specifier, offset]) => !seen.has(`${specifier} ${offset}`) && seen.add(`${specifier} ${offset}`))
    .map(([specifier, offset]) => ({ from: path, specifier, line: lineAt(text, offset) }))
}

const kept = new Map<string, ReadonlyArray<Import>>()

/** Of all packages; read once, however many checks ask. */
export const packageImports = (root: string): ReadonlyArray<Import> => {
  const before = kept.get(root)
  if (before !== undefined) return before
  const imports = packageSources(root).flatMap((path) => importsOf(path, read(root, path)))
  kept.set(root, imports)
  return imports
}

/** Where a relative import leads, from the root; `undefined` for the import of a package. */
export const target = (one: Import): string | undefined =>
  one.specifier.startsWith(".") ? posix.join(posix.dirname(one.from), one.specifier) : undefined

/** `@scope/name` or `name` of an import of a package, without the path inside it. */
export const packageName = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** `core` for `@backprose/core`, whatever follows. */
export const ownPackage = (specifier: string): string | undefined => /^@backprose\/([^/]+)/.exec(specifier)?.[1]

/** `core` for an import that leads into that package, whether by name or by path. */
export const leadsTo = (one: Import): string | undefined => {
  const path = target(one)
  return path === undefined ? ownPackage(one.specifier) : path.startsWith("packages/") ? packageOf(path) : undefined
}
