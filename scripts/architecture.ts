/** Who may import whom, how big a file may be, and what no file may be called: the lists that the checks read. */

export interface PackageRule {
  /** Our packages that its sources may import. */
  readonly imports: ReadonlyArray<string>
  /** Our packages that its tests may import besides. */
  readonly inTests: ReadonlyArray<string>
  /** Whether its sources may import Node's own modules. */
  readonly node: boolean
}

const all = ["core", "openai", "local", "testing", "tasks", "sandbox", "cli", "bench", "reliability"]

export const packages: Record<string, PackageRule> = {
  core: { imports: [], inTests: ["testing"], node: false },
  openai: { imports: ["core"], inTests: ["testing"], node: true },
  local: { imports: ["core"], inTests: ["testing"], node: true },
  sandbox: { imports: ["core"], inTests: ["testing"], node: true },
  testing: { imports: ["core"], inTests: [], node: true },
  tasks: { imports: ["core", "sandbox"], inTests: ["testing"], node: true },
  cli: { imports: all, inTests: [], node: true },
  bench: { imports: all, inTests: [], node: true },
  reliability: { imports: all, inTests: [], node: true }
}

/** Folders of packages/core/src in the order of the data's flow: a file imports from its own layer or an earlier one. */
export const coreLayers: ReadonlyArray<string> = [
  "model",
  "journal",
  "cache",
  "graph",
  "prompts",
  "reply",
  "autograd",
  "operation",
  "generate",
  "parameter",
  "component",
  "loss",
  "dataset",
  "task",
  "policy",
  "candidate",
  "optimizer",
  "evaluation",
  "selector",
  "training"
]

/** Modules of Effect that change between its minor versions, and the only places whose sources may import them. */
export const unstableModules: Record<string, ReadonlyArray<string>> = {
  "effect/ai": ["packages/core/src/model/", "packages/openai/src/", "packages/reliability/src/"],
  "effect/cli": ["packages/cli/src/"],
  "effect/http": ["packages/openai/src/", "packages/local/src/", "packages/testing/src/", "packages/cli/src/"],
  "effect/observability": ["packages/cli/src/telemetry/otlp.ts"]
}

/** In lines. The p95 and median are shown and not enforced. */
export const maximumLines = 400

/** What a reader is asked to read before anything else, in lines. */
export const maximumPageLines: Record<string, number> = { "README.md": 120, "ARCHITECTURE.md": 300, "AGENTS.md": 150 }

/** Of any file but the lockfile: weights and data sets are fetched or generated, never committed. */
export const maximumBytes = 300_000

/** All that may lie at the top of the repository. */
export const topLevel: RegExp =
  /^(packages|docs|scripts|\.ci|\.[\w.]+|[A-Z]+(\.md)?|package(-lock)?\.json|tsconfig(\.\w+)?\.json|biome\.json|vitest\.workspace\.ts)$/

/** Names that say nothing about what is inside, for a file or a folder. */
export const emptyNames: ReadonlyArray<string> = [
  "util",
  "utils",
  "helper",
  "helpers",
  "common",
  "shared",
  "misc",
  "manager",
  "managers",
  "type",
  "types"
]

/** The same as the last word of a name in capitals: `RunManager`, `StringUtils`. */
export const emptySuffixes: ReadonlyArray<string> = ["Util", "Utils", "Helper", "Helpers", "Manager", "Managers"]
