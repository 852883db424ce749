/** How big the files are: fails over the limit, and shows where each package stands. */
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { maximumBytes, maximumLines, maximumPageLines } from "../architecture.ts"
import { isTest, packageNames, packageOf, packageSources, read, walk } from "../files.ts"
import type { Step } from "../Step.ts"

const lines = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0)

const quantile = (sorted: ReadonlyArray<number>, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? 0

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, one) => total + one, 0)

const row = (cells: ReadonlyArray<string | number>): string =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(10) : String(cell).padStart(8))).join("")

export const sizes: Step = {
  name: "sizes",
  about: `no TypeScript file over ${maximumLines} lines, no file over ${maximumBytes / 1000} kB; a table of sizes`,
  always: true,
  run: async (root) => {
    const sized = [...packageSources(root), ...walk(root).filter((path) => /^(scripts|docs)\/.*\.ts$/.test(path))].map(
      (path) => ({ path, size: lines(read(root, path)) })
    )
    const table = [...packageNames(root), "all"].map((name) => {
      const mine = sized.filter(
        ({ path }) => path.startsWith("packages/") && (name === "all" || packageOf(path) === name)
      )
      const sources = mine
        .filter(({ path }) => !isTest(path))
        .map(({ size }) => size)
        .toSorted((a, b) => a - b)
      const tests = sum(mine.filter(({ path }) => isTest(path)).map(({ size }) => size))
      const [total, ratio] = [sum(sources), tests / Math.max(1, sum(sources))]
      return row([
        name,
        sources.length,
        total,
        quantile(sources, 0.5),
        quantile(sources, 0.95),
        sources.at(-1) ?? 0,
        tests,
        ratio.toFixed(2)
      ])
    })
    return {
      findings: [
        ...sized
          .filter(({ size }) => size > maximumLines)
          .map(({ path, size }) => ({
            file: path,
            message: `${size} lines, ${maximumLines} is the limit: split it by concept`
          })),
        ...Object.entries(maximumPageLines)
          .filter(([file, limit]) => existsSync(join(root, file)) && lines(read(root, file)) > limit)
          .map(([file, limit]) => ({ file, message: `${lines(read(root, file))} lines, ${limit} is the limit` })),
        ...walk(root)
          .filter((path) => path !== "package-lock.json")
          .map((file) => ({ file, bytes: statSync(join(root, file)).size }))
          .filter(({ bytes }) => bytes > maximumBytes)
          .map(({ file, bytes }) => ({
            file,
            message: `${bytes} bytes, ${maximumBytes} is the limit: fetch or generate it`
          }))
      ],
      note: `${sized.length} files`,
      report: [row(["package", "files", "lines", "median", "p95", "max", "tests", "ratio"]), ...table].join("\n")
    }
  }
}
