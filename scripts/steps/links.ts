/** A link in Markdown to a file of the repository leads to one. */
import { existsSync } from "node:fs"
import { join, posix } from "node:path"
import { read, walk } from "../files.ts"
import type { Step } from "../Step.ts"

const link = /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g
const elsewhere = /^([a-z]+:|#|\/\/)/i

export const links: Step = {
  name: "links",
  about: "links between files lead somewhere",
  always: true,
  run: async (root) => {
    const paths = walk(root).filter((path) => path.endsWith(".md"))
    const found = paths.flatMap((file) =>
      read(root, file)
        .replace(/```[\s\S]*?```/g, (code) => code.replace(/[^\n]/g, ""))
        .split("\n")
        .flatMap((text, index) => [...text.matchAll(link)].map(([, to = ""]) => ({ file, line: index + 1, to })))
        .filter(({ to }) => !elsewhere.test(to))
    )
    const findings = found
      .filter(
        ({ file, to }) => !existsSync(join(root, posix.join(posix.dirname(file), decodeURI(to.split("#")[0] ?? ""))))
      )
      .map(({ file, line, to }) => ({ file, line, message: `no such file: ${to}` }))
    return { findings, note: `${found.length} links` }
  }
}
