/** Every TypeScript block in Markdown and in docstrings compiles under the repository's flags; those marked "run" run. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join, parse, relative } from "node:path"
import { type Block, flags, inDocstrings, inMarkdown } from "../Block.ts"
import { command, tool } from "../command.ts"
import { isTest, packageSources, read, walk } from "../files.ts"
import { type Finding, type Step, show } from "../Step.ts"
import { compilerFindings } from "./tools.ts"

const folder = ".cache/docs"
const timeoutMs = 60_000

/** A program to check, with each block on the lines it has in its file, so that the compiler's lines are right as they are. */
interface Extract {
  readonly name: string
  readonly block: Block
  readonly text: string
}

const blocksOf = (root: string): ReadonlyArray<Block> => [
  ...walk(root)
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => inMarkdown(path, read(root, path))),
  ...packageSources(root)
    .filter((path) => !isTest(path))
    .flatMap((path) => inDocstrings(path, read(root, path)))
]

const place = (blocks: ReadonlyArray<Block>): string => {
  const lines: Array<string> = []
  for (const block of blocks) {
    while (lines.length < block.line - 1) lines.push("")
    lines.push(...block.code)
  }
  return `${lines.join("\n")}\nexport {}\n`
}

/** A block that is continued is checked as a part of its sequel as well as alone. */
const extracts = (blocks: ReadonlyArray<Block>): ReadonlyArray<Extract> => {
  const chains = new Map<string, ReadonlyArray<Block>>()
  return blocks
    .filter((block) => !block.flags.includes("ignore"))
    .map((block) => {
      const chain = block.flags.includes("continue") ? [...(chains.get(block.file) ?? []), block] : [block]
      chains.set(block.file, chain)
      return { name: `${block.file.replaceAll("/", "__")}__${block.line}.ts`, block, text: place(chain) }
    })
}

const tsconfig = (root: string) => ({
  extends: join(relative(join(root, folder), join(import.meta.dirname, "../..")), "tsconfig.base.json"),
  include: ["*.ts"],
  compilerOptions: {
    noEmit: true,
    composite: false,
    incremental: false,
    tsBuildInfoFile: null,
    declarationMap: false,
    rootDir: parse(root).root,
    // An example may end with the value it makes.
    noUnusedLocals: false,
    noUnusedParameters: false
  }
})

const write = (root: string, all: ReadonlyArray<Extract>): void => {
  rmSync(join(root, folder), { recursive: true, force: true })
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, folder, "tsconfig.json"), JSON.stringify(tsconfig(root), undefined, 2))
  writeFileSync(join(root, folder, "package.json"), '{ "type": "module" }\n')
  for (const one of all) writeFileSync(join(root, folder, one.name), one.text)
}

/** Errors in the packages' own files are left to the step "types". */
const compile = async (root: string, all: ReadonlyArray<Extract>): Promise<ReadonlyArray<Finding>> => {
  const ended = await tool("tsc", ["-p", ".", "--pretty", "false"], join(root, folder))
  const problems = compilerFindings(ended.output)
  if (ended.code !== 0 && problems.length === 0) return [{ file: folder, message: ended.output }]
  const files = new Map(all.map((one) => [one.name, one.block.file]))
  const findings = problems
    .filter(({ file }) => !file.startsWith(".."))
    .map((one) => ({ ...one, file: files.get(one.file) ?? `${folder}/${one.file}` }))
  return [...new Map(findings.map((one) => [show(one), one])).values()]
}

const execute = async (root: string, one: Extract): Promise<ReadonlyArray<Finding>> => {
  const args = ["--conditions=@backprose/source", one.name]
  const ended = await command(process.execPath, args, { cwd: join(root, folder), timeoutMs })
  if (ended.code === 0) return []
  const how = ended.code === 124 ? `did not end within ${timeoutMs / 1000} s` : `ended with ${ended.code}`
  return [{ file: one.block.file, line: one.block.line, message: `${how}:\n${ended.output.slice(-2000)}` }]
}

export const docs: Step = {
  name: "docs",
  about: "code blocks of Markdown and docstrings compile, and run where marked",
  always: true,
  run: async (root) => {
    const blocks = blocksOf(root)
    const unknown = blocks.flatMap((block) =>
      block.flags
        .filter((flag) => !flags.includes(flag))
        .map((flag) => ({
          file: block.file,
          line: block.line,
          message: `"ts ${flag}": only ${flags.join(", ")} mean something`
        }))
    )
    const all = extracts(blocks)
    const runnable = all.filter((one) => one.block.flags.includes("run"))
    const note = `${all.length} blocks, ${runnable.length} run, ${blocks.length - all.length} ignored`
    if (all.length === 0) return { findings: unknown, note }
    write(root, all)
    const compiled = await compile(root, all)
    const broken = new Set(compiled.map((finding) => finding.file))
    const ran: Array<Finding> = []
    for (const one of runnable) if (!broken.has(one.block.file)) ran.push(...(await execute(root, one)))
    return { findings: [...unknown, ...compiled, ...ran], note }
  }
}
