/** The packages' manifests are of one shape, and declare what is imported: no more and no less. */
import { existsSync } from "node:fs"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import { isTest, packageOf, readJson } from "../files.ts"
import { packageImports, packageName } from "../imports.ts"
import { declared, type Manifest, manifests, readManifest } from "../Manifest.ts"
import type { Finding, Step } from "../Step.ts"

const files = [
  "dist/**/*.js",
  "dist/**/*.js.map",
  "dist/**/*.d.ts",
  "dist/**/*.d.ts.map",
  "src/**/*.ts",
  "!src/**/*.test.ts"
]
const conditions = ["@backprose/source", "types", "default"]

const fixed = (manifest: Manifest, name: string, version: string): ReadonlyArray<string> => {
  const wanted: Record<string, unknown> = {
    name: `@backprose/${name}`,
    version,
    license: "MIT",
    type: "module",
    engines: { node: ">=22.19.0" }
  }
  const wrong = Object.entries(wanted).filter(
    ([key, value]) => JSON.stringify(manifest[key as keyof Manifest]) !== JSON.stringify(value)
  )
  return [
    ...wrong.map(([key, value]) => `${key} must be ${JSON.stringify(value)}`),
    ...(manifest.description ? [] : ["description is missing"]),
    ...(Array.isArray(manifest.sideEffects) ? [] : ["sideEffects must list the files that do something when imported"]),
    ...files.filter((glob) => !manifest.files?.includes(glob)).map((glob) => `files must list ${glob}`)
  ]
}

const exported = (root: string, manifest: Manifest, name: string): ReadonlyArray<string> => {
  const map = Object.entries(manifest.exports ?? {})
  // A user's own declarations can only name an inferred type of ours by the module that it is in.
  const library = manifest.private !== true && manifest.bin === undefined
  const keys = ["./package.json", ".", ...(library ? ["./internal/*", "./*"] : [])]
  return [
    ...keys.filter((key) => !(key in (manifest.exports ?? {}))).map((key) => `exports must have "${key}"`),
    ...map.flatMap(([key, value]) => {
      if (key === "./package.json" || value === null) return []
      if (typeof value === "string" || Object.keys(value).join() !== conditions.join()) {
        return [`exports["${key}"] must have the conditions ${conditions.join(", ")}, in this order`]
      }
      const source = value["@backprose/source"] ?? ""
      const stem = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1]
      return [
        ...(stem !== undefined && value["types"] === `./dist/${stem}.d.ts` && value["default"] === `./dist/${stem}.js`
          ? []
          : [`exports["${key}"] must name one file: ./src/X.ts, ./dist/X.d.ts, ./dist/X.js`]),
        ...(source.includes("*") || existsSync(join(root, "packages", name, source))
          ? []
          : [`exports["${key}"]: no ${source}`])
      ]
    })
  ]
}

/** `4.1.0` and `^4.1.0` both go with an installed `4.1.0`. */
const goesWith = (range: string, pinned: string): boolean => {
  const [wanted, have] = [range.replace(/^[~^]/, ""), pinned].map((version) => version.split(".").map(Number))
  if (!range.startsWith("^")) return range === pinned
  const difference = wanted?.map((part, index) => (have?.[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  return wanted?.[0] === have?.[0] && difference >= 0
}

const versions = (manifest: Manifest, pinned: Record<string, string>, version: string): ReadonlyArray<string> =>
  Object.entries(declared(manifest)).flatMap(([name, range]) => {
    const wanted = name.startsWith("@backprose/") ? version : pinned[name]
    if (wanted === undefined) return [`${name} is not among the repository's devDependencies, which pin every version`]
    return goesWith(range, wanted) ? [] : [`${name} "${range}" does not go with ${wanted}`]
  })

const references = (root: string, manifest: Manifest, name: string): ReadonlyArray<string> => {
  const path = `packages/${name}/tsconfig.json`
  const listed = (readJson(root, path)["references"] ?? []) as ReadonlyArray<{ readonly path: string }>
  const have = new Set(listed.map((one) => one.path.replace(/^\.\.\//, "")))
  const need = Object.keys(declared(manifest)).flatMap((one) => /^@backprose\/(.+)/.exec(one)?.[1] ?? [])
  return [
    ...need.filter((one) => !have.has(one)).map((one) => `its tsconfig.json has no reference to ../${one}`),
    ...[...have]
      .filter((one) => !need.includes(one))
      .map((one) => `its tsconfig.json refers to ../${one}, which is no dependency`)
  ]
}

/** Peers that its dependencies of ours leave for it to bring. */
const peersToBring = (root: string, manifest: Manifest): ReadonlyArray<string> =>
  Object.keys(manifest.dependencies ?? {})
    .flatMap((one) => /^@backprose\/(.+)/.exec(one)?.[1] ?? [])
    .flatMap((name) => {
      const { peerDependencies = {}, peerDependenciesMeta = {} } = readManifest(root, `packages/${name}`)
      return Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional !== true)
    })

/** Imports that nothing declares, and declarations that nothing needs. */
const dependencies = (
  root: string,
  manifest: Manifest,
  name: string,
  pinned: Record<string, string>
): ReadonlyArray<Finding> => {
  const external = packageImports(root).filter(
    (one) => packageOf(one.from) === name && !one.specifier.startsWith(".") && !isBuiltin(one.specifier)
  )
  const known = { ...declared(manifest), ...(manifest.private ? pinned : {}) }
  const undeclared = external.filter((one) => {
    const wanted = packageName(one.specifier)
    if (wanted === manifest.name || wanted in known) return false
    return !(isTest(one.from) && (wanted in pinned || wanted.startsWith("@backprose/")))
  })
  const brought = peersToBring(root, manifest)
  const needed = new Set([...brought, ...external.map((one) => packageName(one.specifier))])
  return [
    ...undeclared.map((one) => ({
      file: one.from,
      line: one.line,
      message: `${packageName(one.specifier)} is no dependency or peer of ${manifest.name}`
    })),
    ...Object.keys(declared(manifest))
      .filter((one) => !needed.has(one))
      .map((one) => ({ file: `packages/${name}/package.json`, message: `nothing in it imports ${one}` })),
    ...[...new Set(brought)]
      .filter((one) => !(one in known))
      .map((one) => ({ file: `packages/${name}/package.json`, message: `what it depends on needs ${one} as a peer` }))
  ]
}

const listedEverywhere = (root: string, name: string): ReadonlyArray<Finding> => {
  const listed = readJson(root, "tsconfig.packages.json")["references"] as ReadonlyArray<{ readonly path: string }>
  return listed.some((one) => one.path === `packages/${name}`)
    ? []
    : [{ file: "tsconfig.packages.json", message: `packages/${name} is missing` }]
}

export const manifestsStep: Step = {
  name: "manifests",
  about: "packages' package.json: one shape, one version, declared = imported",
  always: true,
  run: async (root) => {
    const repository = readManifest(root, "")
    const pinned = { ...repository.devDependencies, ...repository.dependencies }
    const all = manifests(root)
    const version = all.find(([name]) => name === "core")?.[1].version ?? "0.0.0"
    const findings = all.flatMap(([name, manifest]) => [
      ...[
        ...fixed(manifest, name, version),
        ...exported(root, manifest, name),
        ...versions(manifest, pinned, version),
        ...references(root, manifest, name)
      ].map((message) => ({ file: `packages/${name}/package.json`, message })),
      ...dependencies(root, manifest, name, pinned),
      ...listedEverywhere(root, name)
    ])
    return { findings, note: `${all.length} packages` }
  }
}
