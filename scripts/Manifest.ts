/** The fields of a package.json that the checks read. */
import { packageNames, readJson } from "./files.ts"

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: unknown
  readonly engines?: Record<string, string>
  readonly exports?: Record<string, Record<string, string> | string | null>
  readonly bin?: Record<string, string>
  readonly files?: ReadonlyArray<string>
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>
}

export const readManifest = (root: string, folder: string): Manifest =>
  readJson(root, folder === "" ? "package.json" : `${folder}/package.json`) as unknown as Manifest

/** Folder name and manifest of each package. */
export const manifests = (root: string): ReadonlyArray<readonly [name: string, manifest: Manifest]> =>
  packageNames(root).map((name) => [name, readManifest(root, `packages/${name}`)])

/** What its users get with it, or must have: dependencies and peers. */
export const declared = (manifest: Manifest): Record<string, string> => ({
  ...manifest.peerDependencies,
  ...manifest.dependencies
})
