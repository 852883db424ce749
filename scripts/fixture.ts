/** A small repository in a temporary folder, for the tests of the checks. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type Step, show } from "./Step.ts"

/** What a step finds in a repository that has these files. Installed packages are those of this repository. */
export const found = async (step: Step, files: Record<string, string>): Promise<ReadonlyArray<string>> => {
  const root = mkdtempSync(join(tmpdir(), "backprose-fixture-"))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    symlinkSync(join(import.meta.dirname, "../node_modules"), join(root, "node_modules"))
    return (await step.run(root)).findings.map(show)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

export const manifest = (name: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ name: `@backprose/${name}`, version: "0.1.0", ...more })
