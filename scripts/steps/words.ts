/** Nothing in the repository depends on, or tells of, the machine and the registry it was written with. */
import { read, walk } from "../files.ts"
import type { Finding, Step } from "../Step.ts"

// Put together here, so that this file does not hold what it forbids.
const hosts = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["npmjs", "com"],
  ["pypi", "org"],
  ["files", "pythonhosted", "org"],
  ["crates", "io"],
  ["proxy", "golang", "org"],
  ["deb", "debian", "org"]
].map((parts) => parts.join("\\."))
const folders = ["work", "root"].map((name) => `(?<![\\w.@:/-])/${name}/`)

export const forbidden: ReadonlyArray<readonly [pattern: RegExp, why: string]> = [
  [new RegExp(`\\b(?:${hosts.join("|")})\\b`, "i"), "the host name of a package registry"],
  [new RegExp(folders.join("|")), "a path of one machine"],
  [/^(?:<{7}|>{7}) /m, "a merge left open"]
]

const text = /\.(ts|js|mjs|json|jsonl|csv|md|ya?ml|sh|txt|html|css|py|svg)$|(^|\/)(\.[^/]+|LICENSE|run)$/

export const words: Step = {
  name: "words",
  about: "no registry hosts, no paths of one machine",
  always: true,
  run: async (root) => {
    const paths = walk(root).filter((path) => text.test(path))
    const findings: ReadonlyArray<Finding> = paths.flatMap((path) => {
      const content = read(root, path)
      if (!forbidden.some(([pattern]) => pattern.test(content))) return []
      return content
        .split("\n")
        .flatMap((line, index) =>
          forbidden
            .filter(([pattern]) => pattern.test(line))
            .map(([pattern, why]) => ({ file: path, line: index + 1, message: `${why}: ${pattern.exec(line)?.[0]}` }))
        )
    })
    return { findings, note: `${paths.length} files` }
  }
}
