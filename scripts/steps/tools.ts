/** The checks that are another program's: the compiler, the linter and the formatter. */
import { relative } from "node:path"
import { type Ended, tool } from "../command.ts"
import type { Finding, Outcome, Step } from "../Step.ts"

/** `path(12,5): error TS2322: …`, and the indented lines that explain it. */
export const compilerFindings = (output: string): ReadonlyArray<Finding> => {
  const findings: Array<{ file: string; line: number; message: string }> = []
  for (const line of output.split("\n")) {
    const [, file, at, message] = /^(\S.*?)\((\d+),\d+\): error (.*)$/.exec(line) ?? []
    if (file !== undefined && at !== undefined && message !== undefined) {
      findings.push({ file, line: Number(at), message })
    } else if (/^\s+\S/.test(line) && findings.length > 0) {
      ;(findings.at(-1) as { message: string }).message += `\n${line}`
    }
  }
  return findings
}

/** A tool that failed has always found something, also when we cannot read what. */
const orWhole = (findings: ReadonlyArray<Finding>, ended: Ended, name: string): Outcome => ({
  findings:
    findings.length > 0 || ended.code === 0
      ? findings
      : [{ file: name, message: `ended with ${ended.code}:\n${ended.output.slice(-4000)}` }]
})

export const types: Step = {
  name: "types",
  about: "tsc -b: packages, tests and scripts",
  always: true,
  run: async (root) => {
    const ended = await tool("tsc", ["-b", "tsconfig.json", "--pretty", "false"], root)
    return orWhole(compilerFindings(ended.output), ended, "tsc")
  }
}

/** Makes every package's dist; tells whether all of it compiled. */
export const build = async (root: string): Promise<boolean> =>
  (await tool("tsc", ["-b", "tsconfig.packages.json"], root)).code === 0

export const lint: Step = {
  name: "lint",
  about: "oxlint, our own rules included",
  always: true,
  run: async (root) => {
    const ended = await tool(
      "oxlint",
      ["--format", "unix", "--deny-warnings", "--report-unused-disable-directives"],
      root
    )
    const findings = ended.output.split("\n").flatMap((line) => {
      const [, file, at, message] = /^(\S+?):(\d+):\d+: (.*)$/.exec(line) ?? []
      return file === undefined || message === undefined ? [] : [{ file, line: Number(at), message }]
    })
    return orWhole(findings, ended, "oxlint")
  }
}

export const format: Step = {
  name: "format",
  about: "biome check, nothing written (npm run format writes)",
  always: true,
  run: async (root) => {
    const ended = await tool(
      "biome",
      ["check", "--reporter=github", "--max-diagnostics=none", "--error-on-warnings"],
      root
    )
    const files = [...ended.output.matchAll(/^::(?:error|warning) title=([^,]+),file=([^,]+),line=(\d+)/gm)]
    const findings = files.map(([, title = "", file = "", line]) => ({
      file: relative(root, file),
      line: Number(line),
      message: title === "format" ? "is not formatted: npm run format" : `${title}: npm run format`
    }))
    return orWhole(findings, ended, "biome")
  }
}
