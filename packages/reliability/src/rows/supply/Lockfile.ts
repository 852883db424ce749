/** What the lockfile says of the packages that an installation brings. */

/** An entry, as far as it is read. */
export interface Entry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Ranges
  readonly optionalDependencies?: Ranges
  readonly peerDependencies?: Ranges
  readonly peerDependenciesMeta?: { readonly [name: string]: { readonly optional?: boolean } }
}

interface Ranges {
  readonly [name: string]: string
}

export type Lockfile = { readonly [path: string]: Entry }

const isForeign = (path: string): boolean => path.includes("node_modules/")

/** Where Node finds a package from another one. */
const found = (lockfile: Lockfile, from: string, name: string): string | undefined => {
  for (let at: string | undefined = from; at !== undefined; ) {
    const path: string = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (lockfile[path] !== undefined) return path
    const cut: number = at.lastIndexOf("/node_modules/")
    at = at === "" ? undefined : cut === -1 ? "" : at.slice(0, cut)
  }
  return undefined
}

const needed = ({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: Entry) => [
  ...Object.keys({ ...dependencies, ...optionalDependencies }),
  ...Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
]

/** The packages of others that come with one of ours, peers that it cannot do without included. */
export const treeOf = (lockfile: Lockfile, folder: string): ReadonlyArray<string> => {
  const seen = new Set<string>()
  const open = [folder]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const { link, resolved } = lockfile[path] ?? {}
    const real = link === true && resolved !== undefined ? resolved : path
    if (seen.has(real)) continue
    seen.add(real)
    const entry = lockfile[real]
    for (const name of entry === undefined ? [] : needed(entry)) {
      const at = found(lockfile, real, name)
      // what is optional may be for another system
      if (at !== undefined) open.push(at)
      else if (entry?.optionalDependencies?.[name] === undefined) open.push(`node_modules/${name} (not locked)`)
    }
  }
  return [...seen].filter(isForeign).sort()
}

/** Entries of others without a hash of what they must be. */
export const unhashed = (lockfile: Lockfile): ReadonlyArray<string> =>
  Object.entries(lockfile).flatMap(([path, { integrity, link }]) =>
    isForeign(path) && link !== true && !/^sha512-[\w+/]{86}==$/.test(integrity ?? "") ? [path] : []
  )

/** Dependencies on anything but a version of a registry: repositories, archives, folders. */
export const unversioned = (lockfile: Lockfile): ReadonlyArray<string> =>
  Object.entries(lockfile).flatMap(([path, { dependencies, link, optionalDependencies, resolved }]) => {
    const ranges = Object.entries({ ...dependencies, ...optionalDependencies })
    const odd = ranges.filter(([, range]) => /^(?!npm:)[\w+.-]+:|^[\w.-]+\/|^[./~]/.test(range) && !/^~\d/.test(range))
    const named = odd.map(([name, range]) => `${path}: ${name} ${range}`)
    return resolved !== undefined && link !== true ? [...named, `${path}: ${resolved}`] : named
  })

/** How many entries are of others. */
export const foreign = (lockfile: Lockfile): number =>
  Object.entries(lockfile).filter(([path, { link }]) => isForeign(path) && link !== true).length
