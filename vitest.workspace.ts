import { defineConfig } from "vitest/config"

const packages = ["core", "openai", "local", "testing", "tasks", "cli", "bench"]

export default defineConfig({
  test: {
    projects: packages.map((name) => ({
      root: `packages/${name}`,
      // workspace packages resolve to their TypeScript sources: no build before tests
      ssr: { resolve: { conditions: ["@backprose/source", "module", "node", "development|production"] } },
      test: { name, include: ["src/**/*.test.ts"], isolate: false }
    }))
  }
})
