/** The lockfile names every package with its checksum, from the registry alone, for every platform. */
import { readJson } from "../files.ts"
import type { Step } from "../Step.ts"

interface Entry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

const path = "package-lock.json"
const again = "make it again in a copy of the repository without node_modules: npm install --package-lock-only"

/** As Node looks for a package: from the folder of the one that asks, outwards. */
const isThere = (entries: Record<string, Entry>, from: string, name: string): boolean => {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at === "" ? "" : `${at}/`}node_modules/${name}` in entries) return true
    if (at === "") return false
  }
}

const complaints = (entries: Record<string, Entry>, key: string, entry: Entry): ReadonlyArray<string> => {
  const installed = key.includes("node_modules/") && entry.link !== true
  const missing = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).filter(
    (name) => !isThere(entries, key, name)
  )
  return [
    ...(installed && !entry.integrity?.startsWith("sha512-") ? [`${key} has no checksum: ${again}`] : []),
    ...(/^(git|https?|file)[:+]/.test(entry.resolved ?? "")
      ? [`${key} comes from ${entry.resolved?.split(":")[0]}: ${again}`]
      : []),
    ...missing.map((name) => `${key || "the repository"} needs ${name}, which is not in it, so npm ci fails: ${again}`)
  ]
}

export const lockfile: Step = {
  name: "lockfile",
  about: "every entry with a checksum, none from elsewhere, none missing",
  always: true,
  run: async (root) => {
    const entries = readJson(root, path)["packages"] as Record<string, Entry>
    const findings = Object.entries(entries).flatMap(([key, entry]) =>
      complaints(entries, key, entry).map((message) => ({ file: path, message }))
    )
    return { findings, note: `${Object.keys(entries).length} entries` }
  }
}
