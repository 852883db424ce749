import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

// Tests named *.real.test.ts ask a real model, whose weights are no part of the repository: npm run test:real.
const real = process.env["BACKPROSE_REAL_MODEL"] === "1"
const skipped = "**/*.real.test.ts"

const loopbackOnly = fileURLToPath(new URL("scripts/loopbackOnly.ts", import.meta.url))

const project = (name: string, root: string, folder: string) => ({
  root,
  // Workspace packages resolve to their TypeScript sources: no build before tests.
  ssr: { resolve: { conditions: ["@backprose/source", "module", "node", "development|production"] } },
  test: {
    name,
    include: [`${folder}/**/${real ? "*.real.test.ts" : "*.test.ts"}`],
    exclude: real ? [] : [skipped],
    // Files share one module graph a worker: most of a test's time would be imports.
    isolate: false,
    setupFiles: real ? [] : [loopbackOnly],
    testTimeout: real ? 600_000 : 60_000
  }
})

export default defineConfig({
  test: {
    pool: "threads",
    passWithNoTests: true,
    allowOnly: false,
    projects: [
      ...readdirSync("packages").map((name) => project(name, `packages/${name}`, "src")),
      project("scripts", ".", "scripts")
    ]
  }
})
