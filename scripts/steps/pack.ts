/**
 * What would be published works for who installs it: packs every public package, looks into the tarballs, and uses them
 * from a project outside the repository that has only what the packages declare. Asks no network.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { command } from "../command.ts"
import { use } from "../consumer.ts"
import { read } from "../files.ts"
import { type Manifest, manifests } from "../Manifest.ts"
import type { Packed } from "../Packed.ts"
import type { Finding, Step } from "../Step.ts"
import { build } from "./tools.ts"

const folder = ".cache/pack"
const emitted = /\.(js|d\.ts)(\.map)?$/

/** The compiler leaves the output of sources that are gone, and it would be published. */
const prune = (root: string, name: string): void => {
  const [dist, src] = ["dist", "src"].map((part) => join(root, "packages", name, part)) as [string, string]
  if (!existsSync(dist)) return
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (emitted.test(path) && !existsSync(join(src, path.replace(emitted, ".ts")))) rmSync(join(dist, path))
  }
}

const npmPack = async (
  root: string,
  all: ReadonlyArray<readonly [string, Manifest]>
): Promise<ReadonlyArray<Packed>> => {
  rmSync(join(root, folder), { recursive: true, force: true })
  mkdirSync(join(root, folder), { recursive: true })
  const workspaces = all.flatMap(([name]) => ["-w", `packages/${name}`])
  const args = ["pack", "--json", "--silent", "--offline", "--pack-destination", folder, ...workspaces]
  const ended = await command("npm", args, { cwd: root })
  const start = ended.output.search(/^\[/m)
  if (ended.code !== 0 || start < 0) throw new Error(`npm pack: ${ended.output}`)
  const packed: ReadonlyArray<{ name: string; filename: string; files: ReadonlyArray<{ path: string }> }> = JSON.parse(
    ended.output.slice(start)
  )
  return all.flatMap(([name, manifest]) => {
    const one = packed.find((candidate) => candidate.name === manifest.name)
    return one === undefined
      ? []
      : [{ name, manifest, tarball: join(root, folder, one.filename), files: one.files.map(({ path }) => path) }]
  })
}

const contents = (root: string, one: Packed): ReadonlyArray<string> => {
  const wanted = [
    "LICENSE",
    "README.md",
    ...Object.values(one.manifest.exports ?? {}).flatMap((value) =>
      value === null || typeof value === "string" ? [] : Object.values(value)
    ),
    ...Object.values(one.manifest.bin ?? {})
  ].map((path) => path.replace(/^\.\//, ""))
  const allowed = /^(package\.json|LICENSE|README\.md|src\/.*\.ts|dist\/.*\.(js|d\.ts)(\.map)?)$/
  const license = join(root, "packages", one.name, "LICENSE")
  return [
    ...wanted
      .filter((path) => !path.includes("*") && !one.files.includes(path))
      .map((path) => `${path} is not in the tarball`),
    ...one.files
      .filter((path) => !allowed.test(path) || /\.test\.|\.tsbuildinfo$/.test(path))
      .map((path) => `${path} does not belong into the tarball`),
    ...(existsSync(license) && readFileSync(license, "utf8") !== read(root, "LICENSE")
      ? ["its LICENSE is not the repository's"]
      : [])
  ]
}

const linted = async (one: Packed): Promise<ReadonlyArray<string>> => {
  const bytes = readFileSync(one.tarball)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return messages
    .filter((message) => message.type !== "suggestion")
    .map(
      (message) =>
        `publint: ${formatMessage(message, pkg as Record<string, unknown>, { color: false }) ?? message.code}`
    )
}

export const pack: Step = {
  name: "pack",
  about: "packed packages hold what they should, please publint, and work where they are installed",
  always: true,
  after: "types",
  run: async (root) => {
    const compiled = await build(root)
    const all = manifests(root).filter(([, manifest]) => manifest.private !== true)
    for (const [name] of all) prune(root, name)
    const packed = await npmPack(root, all)
    const inside: ReadonlyArray<Finding> = (
      await Promise.all(
        packed.map(async (one) =>
          [...contents(root, one), ...(await linted(one))].map((message) => ({ file: `packages/${one.name}`, message }))
        )
      )
    ).flat()
    // What does not compile is told by the step "types".
    const used = compiled ? await use(root, packed) : []
    const files = packed.reduce((total, one) => total + one.files.length, 0)
    return {
      findings: [...inside, ...used],
      note: `${packed.length} tarballs, ${files} files${compiled ? "" : "; not tried out: the packages do not compile"}`
    }
  }
}
