/** Imports go only where architecture.ts lets them: between packages, between the layers of core, and to Node's modules. */
import { coreLayers, packages, unstableModules } from "../architecture.ts"
import { isTest, packageOf, packageSources } from "../files.ts"
import { type Import, leadsTo, packageImports, target } from "../imports.ts"
import type { Finding, Step } from "../Step.ts"

/** The folder of packages/core/src that a path is in; `undefined` for index.ts and for what is outside. */
const layer = (path: string): string | undefined => /^packages\/core\/src\/([^/]+)\//.exec(path)?.[1]

const betweenPackages = (one: Import): string | undefined => {
  const from = packageOf(one.from)
  const to = leadsTo(one)
  const rule = packages[from]
  if (rule === undefined) return `the package ${from} has no rule in scripts/architecture.ts`
  const path = target(one)
  if (path !== undefined && !path.startsWith(`packages/${from}/`)) {
    return `${one.specifier} leaves the package: import another one by its name`
  }
  if (to === from && path === undefined && !isTest(one.from)) {
    return `a package imports its own files by relative paths, not as ${one.specifier}`
  }
  if (to !== undefined && to !== from) {
    const allowed = isTest(one.from) ? [...rule.imports, ...rule.inTests] : rule.imports
    if (!allowed.includes(to)) {
      return `${from}${isTest(one.from) ? "'s tests" : ""} may import ${allowed.join(", ") || "none of our packages"}, not ${to}`
    }
  }
  if (!rule.node && !isTest(one.from) && one.specifier.startsWith("node:")) {
    return `${from} runs anywhere, so it imports none of Node's modules (${one.specifier})`
  }
  return undefined
}

const ofUnstable = (one: Import): string | undefined => {
  const module = Object.keys(unstableModules).find((name) => one.specifier.startsWith(`${name}/`))
  if (module === undefined || isTest(one.from)) return undefined
  const places = unstableModules[module] ?? []
  return places.some((place) => one.from.startsWith(place))
    ? undefined
    : `${module} changes between minor versions: only ${places.join(", ")} may import it`
}

const betweenLayers = (one: Import): string | undefined => {
  const from = layer(one.from)
  const to = layer(target(one) ?? "")
  if (from === undefined || isTest(one.from)) return undefined
  // Told once a folder, below.
  if (!coreLayers.includes(from)) return undefined
  if (target(one) === "packages/core/src/index.ts") return "a module of core imports the file it needs, not the index"
  if (to === undefined || coreLayers.indexOf(to) <= coreLayers.indexOf(from)) return undefined
  return `core's ${from} comes before ${to} and may not import it (${one.specifier})`
}

const unplaced = (root: string): ReadonlyArray<Finding> =>
  [...new Set(packageSources(root).flatMap((path) => layer(path) ?? []))]
    .filter((folder) => !coreLayers.includes(folder))
    .map((folder) => ({
      file: `packages/core/src/${folder}`,
      message: "this folder has no place in coreLayers (scripts/architecture.ts)"
    }))

export const boundaries: Step = {
  name: "boundaries",
  about: "imports between packages and between the layers of core",
  always: true,
  run: async (root) => {
    const imports = packageImports(root)
    const findings: ReadonlyArray<Finding> = imports.flatMap((one) =>
      [betweenPackages(one), betweenLayers(one), ofUnstable(one)]
        .filter((message) => message !== undefined)
        .map((message) => ({ file: one.from, line: one.line, message }))
    )
    return { findings: [...unplaced(root), ...findings], note: `${imports.length} imports` }
  }
}
