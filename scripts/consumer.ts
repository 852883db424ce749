/**
 * Somebody's project with the packed packages installed: unpacked tarballs, beside links to what they declare and to
 * nothing else. Optional peers are left out, as by a user who has no need of them.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { command, tool } from "./command.ts"
import { declared } from "./Manifest.ts"
import type { Packed } from "./Packed.ts"
import type { Finding } from "./Step.ts"
import { compilerFindings } from "./steps/tools.ts"

const compilerOptions = {
  target: "ES2024",
  lib: ["ES2024"],
  module: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // Also what our own declarations say is checked.
  skipLibCheck: false,
  types: ["node"]
}

/** Every module that the packages export, imported and counted. */
const program = (packed: ReadonlyArray<Packed>): string => {
  const specifiers = packed.flatMap(({ manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([key, value]) => value !== null && !key.includes("*") && !key.endsWith(".json"))
      .map(([key]) => manifest.name + key.slice(1))
  )
  return [
    ...specifiers.map((specifier, index) => `import * as m${index} from "${specifier}"`),
    `const all: Record<string, object> = {${specifiers.map((specifier, index) => `"${specifier}": m${index}`).join(", ")}}`,
    `for (const [name, module] of Object.entries(all)) console.log(name, Object.keys(module).length)`
  ].join("\n")
}

const externals = (packed: ReadonlyArray<Packed>): ReadonlyArray<string> => {
  const names = packed.flatMap(({ manifest }) =>
    Object.keys(declared(manifest)).filter((name) => manifest.peerDependenciesMeta?.[name]?.optional !== true)
  )
  return [...new Set([...names, "@types/node"])].filter((name) => !name.startsWith("@backprose/"))
}

const install = async (root: string, project: string, packed: ReadonlyArray<Packed>): Promise<void> => {
  for (const one of packed) {
    const into = join(project, "node_modules", one.manifest.name)
    mkdirSync(into, { recursive: true })
    const ended = await command("tar", ["-xzf", one.tarball, "--strip-components=1", "-C", into], { cwd: project })
    if (ended.code !== 0) throw new Error(`tar: ${ended.output}`)
  }
  for (const name of externals(packed)) {
    const link = join(project, "node_modules", name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, "node_modules", name), link)
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }\n')
  writeFileSync(join(project, "consumer.ts"), program(packed))
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["consumer.ts"] }))
}

/** Errors in other people's declarations are theirs. */
const compile = async (project: string): Promise<ReadonlyArray<Finding>> => {
  const ended = await tool("tsc", ["-p", ".", "--pretty", "false"], project)
  const findings = compilerFindings(ended.output)
  if (ended.code !== 0 && findings.length === 0) return [{ file: "consumer.ts", message: ended.output }]
  return findings.filter(({ file }) => file.startsWith("node_modules/@backprose/") || !file.includes("node_modules/"))
}

const run = async (project: string, args: ReadonlyArray<string>, what: string): Promise<ReadonlyArray<Finding>> => {
  const ended = await command(process.execPath, args, { cwd: project, timeoutMs: 60_000 })
  return ended.code === 0 ? [] : [{ file: what, message: `ended with ${ended.code}:\n${ended.output.slice(-2000)}` }]
}

const bins = (project: string, packed: ReadonlyArray<Packed>): ReadonlyArray<readonly [name: string, path: string]> =>
  packed.flatMap(({ manifest }) =>
    Object.entries(manifest.bin ?? {})
      .map(([name, path]) => [name, join(project, "node_modules", manifest.name, path)] as const)
      .filter(([, path]) => existsSync(path))
  )

/** Types, then the import of everything, then each command's --version; all without the source condition. */
export const use = async (root: string, packed: ReadonlyArray<Packed>): Promise<ReadonlyArray<Finding>> => {
  const project = mkdtempSync(join(tmpdir(), "backprose-consumer-"))
  try {
    await install(root, project, packed)
    const findings = [...(await compile(project)), ...(await run(project, ["consumer.ts"], "consumer.ts"))]
    for (const [name, path] of bins(project, packed))
      findings.push(...(await run(project, [path, "--version"], `${name} --version`)))
    return findings
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}
